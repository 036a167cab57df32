import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import styles from "./Bench.module.css";
import type { Body } from "./draft.ts";
import type { EditorLook } from "./kind.ts";

const ways = [
  { value: "mail", label: "Mail" },
  { value: "reply", label: "Reply in a conversation" },
  { value: "note", label: "Note in a conversation" },
];

/** A message: by what, to whom, and its text. */
export function MessageEditor({ body, onChange, faultAt }: EditorLook) {
  const fault = (path: string) => faultAt(path)?.text ?? null;
  const field = (name: string) => ({
    id: `message-${name}`,
    wrong: fault(name),
    value: textIn(body[name]),
    onInput: (written: string) => onChange(withText(body, name, written)),
  });
  const by = textIn(body["by"]);
  return (
    <section class={styles.part} aria-label="Message">
      <Wrong>{fault("")}</Wrong>
      <Choice {...field("by")} label="By" options={ways} onInput={(next) => onChange(begin(next, textIn(body["text"])))} />
      {by === "mail" ? (
        <>
          <TextField
            {...field("to")}
            label="To, one a line"
            many
            hint="An address, team:support, or {{customer}} for a parameter."
            value={linesIn(body["to"])}
            onInput={(written) => onChange({ ...body, to: written === "" ? [] : written.split("\n") })}
          />
          <TextField {...field("subject")} label="Subject" />
        </>
      ) : (
        <TextField {...field("conversation")} label="Conversation" hint="{{conversation}} is the one where it is run." />
      )}
      <TextField {...field("text")} label="Text" many hint="{{name}} is a parameter, {{me.name}} whoever runs it." />
      {by === "mail" && (
        <TextField {...field("at")} label="When" placeholder="At once" hint="A time like 2026-11-21T09:30:00Z, or {{when}}." />
      )}
    </section>
  );
}

function begin(by: string, text: string): Body {
  return by === "mail" ? { by, to: [], subject: "", text } : { by, conversation: "{{conversation}}", text };
}

/** A time that isn't there is left out. */
function withText(body: Body, name: string, written: string): Body {
  const { [name]: _, ...rest } = body;
  return name === "at" && written === "" ? rest : { ...body, [name]: written };
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function linesIn(value: unknown): string {
  return Array.isArray(value) ? value.join("\n") : "";
}
