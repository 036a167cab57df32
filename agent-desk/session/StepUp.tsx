import { useEffect, useRef, useState } from "preact/hooks";
import type { SecondFactorAnswer, WaysIn } from "../../src/protocol/access.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { useWaysIn } from "../account/useWaysIn.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { CodeField } from "./CodeField.tsx";
import { goToProvider, goToWorkspace } from "./providers.ts";
import { requestAsMe } from "./session.ts";
import { toldOf } from "./toldOf.ts";

/** Asks for password and code before what a desk that was left open must not be enough for. */
export function StepUp({ onEnd }: { onEnd: (said: boolean) => void }) {
  const [factor, setFactor] = useState<boolean | null>(null);
  const ways = useWaysIn();
  const hasPassword = ways?.password !== false;
  const [wrong, setWrong] = useState<{ place: string; text: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);

  useEffect(() => {
    requestAsMe<SecondFactorAnswer>({ method: "GET", path: "account/second-factor" }).then(
      ({ on }) => setFactor(on),
      // Then the server says what is missing.
      () => setFactor(true),
    );
  }, []);

  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const said = {
      ...(hasPassword ? { password: password.current?.value ?? "" } : {}),
      ...(factor ? { code: code.current?.value.trim() ?? "" } : {}),
    };
    if (said.password === "") return setWrong({ place: "password", text: "Write your password." });
    if (said.code === "") return setWrong({ place: "code", text: "Write the code that your authenticator shows." });
    setBusy(true);
    setWrong(null);
    try {
      await requestAsMe({ method: "POST", path: "session/step-up", body: said });
      onEnd(true);
    } catch (error) {
      setWrong({ place: error instanceof Refusal ? (error.path ?? "form") : "form", text: toldOf(error) });
      setBusy(false);
    }
  };

  // Without a password and a second factor, signing in once more is all that they can show.
  if (!hasPassword && factor === false)
    return <SignInAgain identity={ways?.identities.find(({ provider }) => provider !== "sso") ?? ways?.identities[0]} onEnd={onEnd} />;
  return (
    <Dialog title="Is it still you?" onClose={() => onEnd(false)}>
      <form onSubmit={submit} noValidate>
        <div class={popups.dialogBody}>
          <p>This needs {hasPassword ? `your password${factor ? " and a code" : ""}` : "a code"} once more. It holds for five minutes.</p>
          {hasPassword && (
            <div class={parts.labelled}>
              <label for="step-up-password">Your password</label>
              <input
                ref={password}
                id="step-up-password"
                class={parts.field}
                type="password"
                autocomplete="current-password"
                aria-invalid={wrong?.place === "password"}
                aria-describedby="step-up-password-wrong"
              />
              <Wrong id="step-up-password-wrong">{wrong?.place === "password" ? wrong.text : null}</Wrong>
            </div>
          )}
          {factor !== false && <CodeField id="step-up-code" field={code} wrong={wrong?.place === "code" ? wrong.text : null} />}
          <Wrong>{wrong?.place === "form" ? wrong.text : null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={() => onEnd(false)}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={busy}>
            {busy ? "One moment…" : "Go on"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Leaves for the provider, which asks who they are; what they wanted to do they do again then. */
function SignInAgain({ identity, onEnd }: { identity: WaysIn["identities"][number] | undefined; onEnd: (said: boolean) => void }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const go = async () => {
    const back = { back: "account", again: true } as const;
    try {
      if (identity === undefined) return;
      if (identity.provider !== "sso") return await goToProvider(identity.provider, "signIn", back);
      const { tenant } = await requestAsMe<{ tenant: string | null }>({ method: "GET", path: "account" });
      await goToWorkspace(tenant ?? "", back);
    } catch (error) {
      setWrong(toldOf(error));
    }
  };
  return (
    <Dialog title="Is it still you?" onClose={() => onEnd(false)}>
      <div class={popups.dialogBody}>
        <p>Your account has no password: sign in once more, then do it again. It holds for five minutes.</p>
        <Wrong>{wrong}</Wrong>
      </div>
      <div class={popups.dialogFoot}>
        <Button onClick={() => onEnd(false)}>Cancel</Button>
        <Button tone="primary" onClick={() => void go()}>
          Sign in with {identity?.name ?? "your provider"}
        </Button>
      </div>
    </Dialog>
  );
}
