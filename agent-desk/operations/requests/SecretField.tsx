import { LockKeyhole } from "lucide-preact";
import { useState } from "preact/hooks";
import type { OperationView } from "../../../src/protocol/operations.ts";
import { runCommand, sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { TextField } from "../../settings/fields.tsx";
import { type Body, textIn } from "../draft.ts";
import { heldSecret } from "./heldSecret.ts";
import styles from "./Requests.module.css";
import { originOf } from "./requestBody.ts";

interface SecretLook {
  body: Body;
  stored: OperationView | null;
  onStored: () => void;
}

/** What is secret is written here and never shown again; it is kept for the host of what is saved. */
export function SecretField({ body, stored, onStored }: SecretLook) {
  const [written, setWritten] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const origin = originOf(textIn(body["url"]));
  const bound = stored?.secret;
  if (stored === null || bound === undefined || origin === null || !bound.origins.includes(origin))
    return (
      <p class={styles.secretNote}>
        <LockKeyhole aria-hidden="true" />
        {heldSecret.value === null
          ? "Save it, and its secret can be given here: sealed, and sent to this host alone."
          : "The secret of the line that you pasted waits in this page: save, and it can be kept."}
        {bound !== undefined && origin !== null && ` What is saved now leads to ${bound.origins.join(" and ")}.`}
      </p>
    );
  const held = heldSecret.value?.origin === origin ? heldSecret.value.secret : "";
  const secret = written === "" ? held : written;
  const give = async (given: string) => {
    setBusy(true);
    setWrong(null);
    try {
      await runCommand("operation.secret", { name: stored.name, secret: given, version: stored.version });
      setWritten("");
      heldSecret.value = null;
      onStored();
    } catch (error) {
      setWrong(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class={styles.secret}>
      <TextField
        id="credential-secret"
        label={bound.given ? "Another secret" : "Secret"}
        type="password"
        autocomplete="new-password"
        placeholder={held === "" ? (bound.given ? "•••• is kept" : "") : "•••• from the line that you pasted"}
        hint={`Sealed, never shown, and sent to ${bound.origins.join(" and ")} alone.`}
        wrong={wrong}
        value={written}
        onInput={setWritten}
      />
      <div class={styles.adding}>
        <Button small tone="primary" disabled={busy || secret === ""} command="operation.secret" onClick={() => void give(secret)}>
          {bound.given ? "Replace" : "Keep it"}
        </Button>
        {bound.given && (
          <Button
            small
            disabled={busy}
            command="operation.secret"
            tip="Runs are refused until there is another"
            onClick={() => void give("")}
          >
            Forget it
          </Button>
        )}
        <span class={parts.hint} role="status">
          {bound.given ? "A secret is kept." : "No secret is kept yet, so it can't be tried or run."}
        </span>
      </div>
    </div>
  );
}
