import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { CodeField } from "./CodeField.tsx";
import factor from "./SecondFactor.module.css";
import styles from "./SignIn.module.css";
import { SignInCard } from "./SignInCard.tsx";
import { showSecondFactor, signOut } from "./session.ts";
import { toldOf } from "./toldOf.ts";

/** The second half of signing in. */
export function ShowSecondFactor({ email }: { email: string }) {
  const [kind, setKind] = useState<"time" | "recovery">("time");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), [kind]);
  const complain = (text: string) => {
    setWrong(text);
    field.current?.focus();
    field.current?.select();
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const code = field.current?.value.trim() ?? "";
    if (code === "")
      return complain(kind === "time" ? "Write the 6 digits that your authenticator shows." : "Write one of your recovery codes.");
    setBusy(true);
    setWrong(null);
    try {
      await showSecondFactor(code);
    } catch (error) {
      complain(toldOf(error));
    } finally {
      setBusy(false);
    }
  };
  const change = () => {
    setKind(kind === "time" ? "recovery" : "time");
    setWrong(null);
  };
  return (
    <SignInCard title="One more step" lead={`Signing in as ${email}.`}>
      <form class={styles.form} onSubmit={submit} noValidate>
        <CodeField
          key={kind}
          id="code"
          field={field}
          kind={kind}
          wrong={wrong}
          hint={kind === "time" ? "The 6 digits that it shows now." : "Each of them counts once."}
        />
        <Button tone="primary" type="submit" disabled={busy}>
          {busy ? "One moment…" : "Sign in"}
        </Button>
      </form>
      <div class={factor.under}>
        <Button tone="plain" onClick={change}>
          {kind === "time" ? "Use a recovery code" : "Use the authenticator"}
        </Button>
        <Button tone="plain" onClick={() => void signOut()}>
          Sign in as somebody else
        </Button>
      </div>
    </SignInCard>
  );
}
