import { useEffect, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { request } from "../session/request.ts";
import { SignInCard } from "../session/SignInCard.tsx";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";
import { DoorForm } from "./DoorForm.tsx";
import { leaveDoor } from "./door.ts";

interface Invitation {
  email: string;
  tenant: string;
  hasAccount: boolean;
}

type State = { kind: "reading" } | { kind: "wrong"; text: string } | ({ kind: "open" | "accepted" } & Invitation);

/** What an invitation's link opens: a press accepts it; where there is no account yet, a name and a password make one. */
export function Invited({ token }: { token: string }) {
  const [state, setState] = useState<State>({ kind: "reading" });
  useEffect(() => {
    request<Invitation>({ method: "POST", path: "invitation", body: { token } }).then(
      (invitation) => setState({ kind: "open", ...invitation }),
      (error: unknown) => setState({ kind: "wrong", text: toldOf(error) }),
    );
  }, [token]);
  const accept = async (values: Record<string, string>) => {
    const invitation = await request<Invitation>({ method: "POST", path: "invitation/acceptance", body: { ...values, token } });
    setState({ kind: "accepted", ...invitation });
  };
  if (state.kind === "reading") return <SignInCard title="Your invitation" lead="One moment…" children={null} />;
  if (state.kind === "wrong") return <Told title="This invitation can't be opened" lead={state.text} label="Back to sign in" />;
  const { email, tenant, hasAccount } = state;
  if (state.kind === "accepted") return <Told title={`Welcome to ${tenant}`} lead={`Sign in as ${email} now.`} label="Sign in" />;
  return (
    <DoorForm
      title={`You are invited to ${tenant}`}
      lead={hasAccount ? `It is added to your account ${email}.` : `For ${email}. Choose how you are called, and a password.`}
      label="Accept the invitation"
      fields={
        hasAccount
          ? []
          : [
              { name: "name", label: "Your name", autocomplete: "name", missing: "Write your name, as customers shall read it." },
              {
                name: "password",
                label: "Password",
                type: "password",
                autocomplete: "new-password",
                hint: "15 characters or more; a sentence is easy to remember.",
                missing: "Choose a password.",
              },
            ]
      }
      onSubmit={accept}
    />
  );
}

function Told({ title, lead, label }: { title: string; lead: string; label: string }) {
  return (
    <SignInCard title={title} lead={lead}>
      <div class={account.told} role="status">
        <Button tone="primary" onClick={() => leaveDoor()}>
          {label}
        </Button>
      </div>
    </SignInCard>
  );
}
