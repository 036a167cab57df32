import { useState } from "preact/hooks";
import { Refusal } from "../../src/protocol/refusal.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import { TextField } from "../settings/fields.tsx";
import { useWaysIn } from "./useWaysIn.ts";

interface Place {
  path: string;
  text: string;
}

export function EmailDialog({ onClose, onDone }: { onClose: () => void; onDone: (email: string) => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { wrong, submit } = useAsking(async () => {
    await requestAsMe({ method: "POST", path: "account/email/link", body: { email, ...(password === "" ? {} : { password }) } });
    onDone(email);
  });
  return (
    <Dialog title="Change the address" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div class={popups.dialogBody}>
          <TextField
            id="new-email"
            type="email"
            label="New address"
            autocomplete="email"
            value={email}
            onInput={setEmail}
            wrong={wrong("email")}
          />
          <PasswordField value={password} onInput={setPassword} wrong={wrong("password")} />
          <Wrong>{wrong("")}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit">
            Mail the link
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

export function DeleteAccountDialog({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [password, setPassword] = useState("");
  const { wrong, submit } = useAsking(async () => {
    await requestAsMe({ method: "POST", path: "account/deletion", body: password === "" ? {} : { password } });
    onDone();
  });
  return (
    <Dialog title="Delete your account?" onClose={onClose}>
      <form onSubmit={submit} noValidate>
        <div class={popups.dialogBody}>
          <p>Everything that is yours is deleted at once, in all your workspaces. Download your data first if you may want it.</p>
          <PasswordField value={password} onInput={setPassword} wrong={wrong("password")} />
          <Wrong>{wrong("")}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="danger" type="submit">
            Delete my account
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** One at a time; what is refused stands at the field that its path names, or below all of them. */
function useAsking(ask: () => Promise<void>) {
  const [refused, setRefused] = useState<Place | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setRefused(null);
    setBusy(true);
    try {
      await ask();
    } catch (error) {
      setRefused({ path: error instanceof Refusal ? (error.path ?? "") : "", text: toldOf(error) });
    } finally {
      setBusy(false);
    }
  };
  return { submit, wrong: (path: string) => (refused?.path === path ? refused.text : null) };
}

/** Nothing for whoever has none: the step-up before it is what they show. */
function PasswordField(look: { value: string; onInput: (value: string) => void; wrong: string | null }) {
  if (useWaysIn()?.password === false) return null;
  return <TextField id="own-password" type="password" label="Your password" autocomplete="current-password" {...look} />;
}
