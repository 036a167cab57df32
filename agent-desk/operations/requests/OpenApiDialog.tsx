import { useState } from "preact/hooks";
import { runCommand, sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Dialog } from "../../look/Dialog.tsx";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { TextField } from "../../settings/fields.tsx";
import { isRecord, textIn } from "../draft.ts";
import { type Imported, importedFrom } from "./imported.ts";
import styles from "./Requests.module.css";

interface Call {
  method: string;
  path: string;
  summary: string;
}

interface OpenApiLook {
  onClose: () => void;
  onImported: (imported: Imported) => void;
}

/** An OpenAPI document, pasted or fetched; then one of its calls. */
export function OpenApiDialog({ onClose, onImported }: OpenApiLook) {
  const [written, setWritten] = useState("");
  const [wanted, setWanted] = useState("");
  const [calls, setCalls] = useState<readonly Call[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const source = /^https?:\/\/\S+$/.test(written.trim()) ? { url: written.trim() } : { document: written };
  const read = async (picked: object, use: (data: unknown) => void) => {
    setBusy(true);
    setWrong(null);
    try {
      use((await runCommand("operation.from-openapi", { ...source, ...picked })).data);
    } catch (error) {
      setWrong(sentence(error));
    } finally {
      setBusy(false);
    }
  };
  const choose = ({ method, path }: Call) =>
    read({ method, path }, (data) => {
      onClose();
      onImported(importedFrom(data));
    });
  const shown = (calls ?? []).filter(({ method, path, summary }) =>
    `${method} ${path} ${summary}`.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  return (
    <Dialog title="Import from OpenAPI" command="operation.from-openapi" onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (calls === null) void read({}, (data) => setCalls(callsIn(data)));
        }}
      >
        <div class={popups.dialogBody}>
          {calls === null ? (
            <TextField
              id="openapi-document"
              label="The document, or its address"
              many
              placeholder="https://api.example.com/openapi.json"
              hint="OpenAPI 3 or Swagger 2, as JSON or YAML; 250 kB when it is pasted, 1 MB at its address."
              wrong={wrong}
              value={written}
              onInput={setWritten}
            />
          ) : (
            <>
              <TextField
                id="openapi-wanted"
                label={`Which of its ${calls.length} calls?`}
                wrong={wrong}
                value={wanted}
                onInput={setWanted}
              />
              <ul class={styles.calls}>
                {shown.map((call) => (
                  <li key={`${call.method} ${call.path}`}>
                    <button type="button" disabled={busy} onClick={() => void choose(call)}>
                      <b>{call.method}</b>
                      <span>{call.path}</span>
                      <small>{call.summary}</small>
                    </button>
                  </li>
                ))}
              </ul>
              {shown.length === 0 && <p class={parts.hint}>None of them has these words.</p>}
              <Wrong>{null}</Wrong>
            </>
          )}
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          {calls === null && (
            <Button tone="primary" type="submit" disabled={busy || written.trim() === ""}>
              {busy ? "One moment…" : "Read it"}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

function callsIn(data: unknown): Call[] {
  const calls = isRecord(data) ? data["calls"] : [];
  return Array.isArray(calls)
    ? calls.filter(isRecord).map(({ method, path, summary }) => ({ method: textIn(method), path: textIn(path), summary: textIn(summary) }))
    : [];
}
