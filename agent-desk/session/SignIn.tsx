import { Eye, EyeOff } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { Refusal } from "../../src/protocol/refusal.ts";
import { Button } from "../look/Button.tsx";
import { Mark } from "../look/Mark.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { ProviderButtons } from "./ProviderButtons.tsx";
import styles from "./SignIn.module.css";
import { signIn } from "./session.ts";

type Place = "email" | "password" | "form";

/** Asks for e-mail and password, and says beside the field what is wrong with it. */
export function SignIn({ reason }: { reason: string | undefined }) {
  const [wrong, setWrong] = useState<{ place: Place; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [shown, setShown] = useState(false);
  const email = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);

  const complain = (place: Place, text: string) => {
    setWrong({ place, text });
    (place === "email" ? email : password).current?.focus();
  };

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const address = email.current?.value.trim() ?? "";
    const secret = password.current?.value ?? "";
    if (!address.includes("@")) return complain("email", "Write your whole e-mail address, like ana@example.com.");
    if (secret === "") return complain("password", "Write your password.");
    setWrong(null);
    setBusy(true);
    try {
      await signIn(address, secret);
    } catch (error) {
      complain(placeOf(error), error instanceof Refusal ? error.message : "Something went wrong here. Please try again.");
    } finally {
      setBusy(false);
    }
  };

  return (
    <main class={styles.page}>
      <div class={styles.card}>
        <div class={styles.brand}>
          <Mark />
          Switchboard
        </div>
        <h1 class={styles.title}>Sign in to the desk</h1>
        <p class={styles.lead}>Conversations are waiting there.</p>
        {reason !== undefined && (
          <p class={styles.reason} role="status">
            {reason}
          </p>
        )}
        <form class={styles.form} onSubmit={submit} noValidate>
          <div class={parts.labelled}>
            <label for="email">E-mail</label>
            <input
              ref={email}
              id="email"
              class={parts.field}
              type="email"
              autocomplete="username"
              autofocus
              aria-invalid={wrong?.place === "email"}
              aria-describedby="email-wrong"
            />
            <Wrong id="email-wrong">{wrong?.place === "email" ? wrong.text : null}</Wrong>
          </div>
          <div class={parts.labelled}>
            <label for="password">Password</label>
            <div class={styles.password}>
              <input
                ref={password}
                id="password"
                class={parts.field}
                {...(shown ? ({ type: "text" } as const) : ({ type: "password" } as const))}
                autocomplete="current-password"
                aria-invalid={wrong?.place === "password"}
                aria-describedby="password-wrong"
              />
              <Button tone="plain" small label={shown ? "Hide password" : "Show password"} onClick={() => setShown(!shown)}>
                {shown ? <EyeOff /> : <Eye />}
              </Button>
            </div>
            <Wrong id="password-wrong">{wrong?.place === "password" ? wrong.text : null}</Wrong>
          </div>
          <Wrong>{wrong?.place === "form" ? wrong.text : null}</Wrong>
          <Button tone="primary" type="submit" disabled={busy}>
            {busy ? "Signing in…" : "Sign in"}
          </Button>
        </form>
        <ProviderButtons purpose="signIn" />
        <p class={styles.under}>
          <a href="#/register">Create an account</a>
          <a href="#/forgot">Forgot your password?</a>
          <a href="#/sso">Use single sign-on</a>
        </p>
      </div>
    </main>
  );
}

/** False credentials are told beside the password: which of the two is false is not told to anyone. */
function placeOf(error: unknown): Place {
  if (!(error instanceof Refusal)) return "form";
  if (error.path?.endsWith("email")) return "email";
  return error.code === "invalid_credentials" || error.path?.endsWith("password") ? "password" : "form";
}
