import { useState } from "preact/hooks";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { Choice, TextField } from "../../settings/fields.tsx";
import parent from "../Bench.module.css";
import { isRecord, textIn } from "../draft.ts";
import type { EditorLook } from "../kind.ts";
import { CredentialFields } from "./CredentialFields.tsx";
import { CurlDialog } from "./CurlDialog.tsx";
import { HeaderRows } from "./HeaderRows.tsx";
import type { Imported } from "./imported.ts";
import { OpenApiDialog } from "./OpenApiDialog.tsx";
import { RequestAnswer } from "./RequestAnswer.tsx";
import styles from "./Requests.module.css";
import { withField, writtenBody } from "./requestBody.ts";
import { SlotField } from "./SlotField.tsx";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"];

/** An API call: what is sent where, who asks, and what is made of the answer. */
export function RequestEditor(look: EditorLook) {
  const { body, onChange, onImported, faultAt } = look;
  const [over, setOver] = useState<"curl" | "openapi" | null>(null);
  const [notes, setNotes] = useState<readonly string[]>([]);
  const method = textIn(body["method"]) || "GET";
  const close = () => setOver(null);
  const take = (imported: Imported) => {
    setNotes(imported.notes);
    onImported(imported);
  };
  return (
    <>
      <section class={parent.part} aria-label="API call">
        <div class={parent.offers}>
          <Button small command="operation.from-curl" onClick={() => setOver("curl")}>
            Paste a line of curl
          </Button>
          <Button small command="operation.from-openapi" onClick={() => setOver("openapi")}>
            Import from OpenAPI
          </Button>
        </div>
        <div role="status">
          {notes.map((note) => (
            <p key={note} class={styles.note}>
              {note}
            </p>
          ))}
        </div>
        <Wrong>{faultAt("")?.text ?? null}</Wrong>
        <div class={styles.address}>
          <Choice
            id="request-method"
            label="Method"
            wrong={faultAt("method")?.text ?? null}
            value={method}
            options={methods.map((each) => ({ value: each, label: each }))}
            onInput={(next) => onChange({ ...body, method: next })}
          />
          <SlotField
            id="request-url"
            label="Address"
            placeholder="https://api.example.com/orders/{{id}}"
            hint="{{name}} asks for a value, in the path and behind the ?; the host stands fast."
            fault={faultAt("url")}
            value={textIn(body["url"])}
            onInput={(url) => onChange({ ...body, url })}
          />
        </div>
        <HeaderRows
          headers={isRecord(body["headers"]) ? body["headers"] : {}}
          faultAt={faultAt}
          onChange={(headers) => onChange({ ...body, headers })}
        />
        {method !== "GET" && method !== "HEAD" && (
          <>
            <SlotField
              id="request-body"
              label="Body"
              many
              placeholder={'{"note": "{{note}}"}'}
              hint="JSON, where no header says otherwise. A text that is one slot becomes the value, with its type."
              fault={faultAt("body")}
              value={writtenBody(body["body"])}
              onInput={(written) => onChange(withField(body, "body", written))}
            />
            <TextField
              id="request-repeat"
              label="Header by which the host knows a call that comes twice"
              placeholder="Idempotency-Key"
              hint="Where the host has one, a call without an answer is safely sent once more."
              wrong={faultAt("repeatHeader")?.text ?? null}
              value={textIn(body["repeatHeader"])}
              onInput={(header) => onChange(withField(body, "repeatHeader", header.trim()))}
            />
          </>
        )}
        {method !== "GET" && method !== "HEAD" && (
          <p class={parts.hint}>
            {method === "DELETE"
              ? "It may destroy something: whoever runs it sees what will be sent, and says once more that they mean it."
              : "It changes something: it is sent once, and never again by itself where nobody knows whether it happened."}
          </p>
        )}
      </section>
      <CredentialFields {...look} />
      <RequestAnswer {...look} />
      {over === "curl" && <CurlDialog onClose={close} onImported={take} />}
      {over === "openapi" && <OpenApiDialog onClose={close} onImported={take} />}
    </>
  );
}
