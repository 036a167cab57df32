import { useEffect, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { SignInCard } from "../session/SignInCard.tsx";
import { beginWork, requestAsMe, signOut } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";
import { DoorForm } from "./DoorForm.tsx";

const lookEveryMs = 5000;

/** Nothing is possible until the link was opened, here or on another device: then this page goes on by itself. */
export function VerifyEmail({ email }: { email: string }) {
  const [told, setTold] = useState<{ good: string } | { wrong: string } | null>(null);
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === "visible") beginWork().catch(() => {});
    }, lookEveryMs);
    return () => clearInterval(timer);
  }, []);
  const resend = async () => {
    try {
      await requestAsMe({ method: "POST", path: "account/confirmation/link" });
      setTold({ good: "The mail was sent once more; the newest link counts." });
    } catch (error) {
      setTold({ wrong: toldOf(error) });
    }
  };
  return (
    <SignInCard title="Confirm your mail address" lead={`We mailed a link to ${email}. Open it, and your work begins.`}>
      <div class={account.told}>
        <p role="status">{told !== null && "good" in told ? told.good : "Nothing there? Look into the folder for spam too."}</p>
        <Wrong>{told !== null && "wrong" in told ? told.wrong : null}</Wrong>
        <Button onClick={resend}>Mail it again</Button>
      </div>
      <div class={account.under}>
        <Button tone="plain" onClick={() => void signOut()}>
          Sign in as somebody else
        </Button>
      </div>
    </SignInCard>
  );
}

const languages = [
  { value: "en", label: "English" },
  { value: "pt-BR", label: "Português (Brasil)" },
  { value: "es", label: "Español" },
  { value: "fr", label: "Français" },
  { value: "de", label: "Deutsch" },
];

/** Who belongs to no tenant makes the first one. */
export function MakeTenant() {
  const spoken = languages.find(({ value }) => navigator.language.startsWith(value.slice(0, 2)))?.value ?? "en";
  return (
    <DoorForm
      title="Name your workspace"
      lead="Conversations, teams and colleagues live in it. You are its owner; everything here can be changed later."
      label="Make the workspace"
      fields={[
        { name: "name", label: "Name", autocomplete: "organization", missing: "Write how it is called, like Acme." },
        {
          name: "slug",
          label: "Short name",
          autocomplete: "off",
          hint: "For addresses: letters a to z, digits and hyphens.",
          missing: "Write a short name, like acme.",
        },
        {
          name: "timeZone",
          label: "Time zone",
          autocomplete: "off",
          value: Intl.DateTimeFormat().resolvedOptions().timeZone,
          missing: "Write a time zone, like Europe/Lisbon.",
        },
        { name: "language", label: "Language", options: languages, value: spoken, missing: "Choose a language." },
      ]}
      onSubmit={async (values) => {
        await requestAsMe({ method: "POST", path: "tenants", body: values });
        await beginWork();
      }}
      under={
        <Button tone="plain" onClick={() => void signOut()}>
          Sign out
        </Button>
      }
    />
  );
}
