import { useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { ProviderButtons } from "../session/ProviderButtons.tsx";
import { goToWorkspace } from "../session/providers.ts";
import { request } from "../session/request.ts";
import { SignInCard } from "../session/SignInCard.tsx";
import { beginWork } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";
import { ConfirmReset } from "./ConfirmReset.tsx";
import { DoorForm } from "./DoorForm.tsx";
import { type Door, leaveDoor } from "./door.ts";
import { Invited } from "./Invited.tsx";
import { Returned } from "./Returned.tsx";

const passwordHint = "15 characters or more; a sentence is easy to remember.";
const back = (
  <Button tone="plain" onClick={() => leaveDoor()}>
    Back to sign in
  </Button>
);

/** Registration, a forgotten password, and what mailed links open. */
export function AccountDoor({ door }: { door: Door }) {
  if (door.page === "register") return <Register />;
  if (door.page === "forgot") return <Forgot />;
  if (door.page === "sso") return <Workspace />;
  if (door.page === "returned") return <Returned place={door.place} answer={door.answer} />;
  if (door.purpose === "resetPassword") return <NewPassword token={door.token} />;
  if (door.purpose === "verifyEmail" || door.purpose === "changeEmail") return <Confirm token={door.token} {...ofAddress} />;
  if (door.purpose === "linkIdentity") return <Confirm token={door.token} {...ofIdentity} />;
  if (door.purpose === "resetFactor") return <ConfirmReset token={door.token} />;
  if (door.purpose === "invitation") return <Invited token={door.token} />;
  return (
    <SignInCard title="This link leads nowhere" lead="It was cut, or is not one of ours. Copy it once more from the mail, whole.">
      <div class={account.under}>{back}</div>
    </SignInCard>
  );
}

function Register() {
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  if (mailedTo !== null) return <CheckMail to={mailedTo} what="The link in it confirms your address and works for 24 hours." />;
  return (
    <DoorForm
      title="Create an account"
      lead="For you and your team; it takes a minute."
      label="Create the account"
      fields={[
        { name: "name", label: "Your name", autocomplete: "name", missing: "Write your name, as customers shall read it." },
        { name: "email", label: "E-mail", type: "email", autocomplete: "email", missing: "Write your e-mail address." },
        {
          name: "password",
          label: "Password",
          type: "password",
          autocomplete: "new-password",
          hint: passwordHint,
          missing: "Choose a password.",
        },
      ]}
      onSubmit={async (values) => {
        await request({ method: "POST", path: "account", body: values });
        setMailedTo(values["email"] ?? "");
      }}
      beside={<ProviderButtons purpose="register" />}
      under={back}
    />
  );
}

/** To a workspace's own provider. */
function Workspace() {
  return (
    <DoorForm
      title="Single sign-on"
      lead="By the provider of the company that you work for."
      label="Go on"
      fields={[
        {
          name: "workspace",
          label: "Workspace",
          autocomplete: "organization",
          hint: "Its short name, or your mail address there.",
          missing: "Write the short name of your workspace, or your mail address there.",
        },
      ]}
      onSubmit={({ workspace = "" }) => goToWorkspace(workspace.trim())}
      under={back}
    />
  );
}

function Forgot() {
  const [mailedTo, setMailedTo] = useState<string | null>(null);
  if (mailedTo !== null)
    return <CheckMail to={mailedTo} what="If there is an account, the link in it leads to a new password; it works for 10 minutes." />;
  return (
    <DoorForm
      title="Forgot your password?"
      lead="We mail you a link with which you choose a new one."
      label="Mail me the link"
      fields={[{ name: "email", label: "E-mail", type: "email", autocomplete: "email", missing: "Write your e-mail address." }]}
      onSubmit={async (values) => {
        await request({ method: "POST", path: "account/password/link", body: values });
        setMailedTo(values["email"] ?? "");
      }}
      under={back}
    />
  );
}

function CheckMail({ to, what }: { to: string; what: string }) {
  return (
    <SignInCard title="Look into your mail" lead={`A mail is on its way to ${to.trim()}.`}>
      <div class={account.told} role="status">
        <p>{what} Nothing there? Look into the folder for spam too.</p>
      </div>
      <div class={account.under}>{back}</div>
    </SignInCard>
  );
}

function NewPassword({ token }: { token: string }) {
  const [done, setDone] = useState(false);
  if (done)
    return (
      <SignInCard title="Your password is changed" lead="Every session of your account has ended.">
        <div class={account.told} role="status">
          <p>Sign in with the new password now.</p>
          <Button tone="primary" onClick={() => leaveDoor()}>
            Sign in
          </Button>
        </div>
      </SignInCard>
    );
  return (
    <DoorForm
      title="Choose a new password"
      lead="All your sessions end, here and elsewhere."
      label="Use this password"
      fields={[
        {
          name: "password",
          label: "New password",
          type: "password",
          autocomplete: "new-password",
          hint: passwordHint,
          missing: "Choose a password.",
        },
      ]}
      onSubmit={async (values) => {
        await request({ method: "POST", path: "account/password", body: { ...values, token } });
        setDone(true);
      }}
      under={back}
    />
  );
}

const ofAddress = {
  path: "account/confirmation",
  title: "Confirm your mail address",
  lead: "One press, and it is yours.",
  label: "Confirm this address",
  done: "Your address is confirmed",
};
const ofIdentity = {
  path: "account/identities/confirmation",
  title: "Was it you?",
  lead: "Then your workspace's single sign-on opens your account from now on.",
  label: "It was me",
  done: "Sign in by single sign-on from now on",
};

/** A press, and not the opening of the page, uses the link up: programs that look into mail open pages too. */
function Confirm({ token, path, title, lead, label, done }: { token: string } & typeof ofAddress) {
  const [state, setState] = useState<{ email: string } | { wrong: string | null }>({ wrong: null });
  const confirm = async () => {
    try {
      setState(await request<{ email: string }>({ method: "POST", path, body: { token } }));
    } catch (error) {
      setState({ wrong: toldOf(error) });
    }
  };
  const goOn = () => {
    leaveDoor();
    // Whoever isn't signed in here finds the sign-in.
    beginWork().catch(() => {});
  };
  if ("email" in state)
    return (
      <SignInCard title={done} lead={state.email}>
        <div class={account.told} role="status">
          <Button tone="primary" onClick={goOn}>
            Go on
          </Button>
        </div>
      </SignInCard>
    );
  return (
    <SignInCard title={title} lead={lead}>
      <div class={account.told}>
        <Wrong>{state.wrong}</Wrong>
        <Button tone="primary" onClick={confirm}>
          {label}
        </Button>
      </div>
      <div class={account.under}>{back}</div>
    </SignInCard>
  );
}
