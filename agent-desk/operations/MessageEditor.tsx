import type { Parameter } from "../../src/protocol/operations.ts";
import { insertSlot, SlotButtons } from "../look/SlotButtons.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import styles from "./Bench.module.css";
import { type Body, isRecord, textIn } from "./draft.ts";
import type { EditorLook } from "./kind.ts";
import { MessageExample } from "./MessageExample.tsx";
import { MessageRooms } from "./MessageRooms.tsx";
import { MessageRows } from "./MessageRows.tsx";
import { slotsFor } from "./parameterWords.ts";

const ways = [
  { value: "mail", label: "Mail" },
  { value: "notice", label: "Notice to people of the desk" },
  { value: "chat", label: "Chat with contacts" },
  { value: "slack", label: "Slack" },
  { value: "teams", label: "Teams" },
  { value: "reply", label: "Reply in a conversation" },
  { value: "note", label: "Note in a conversation" },
];

const whom: Record<string, string> = {
  mail: "Addresses, team:support, role:admin, tag:vip for contacts, or a parameter like {{customer}}.",
  notice:
    "Addresses of colleagues, team:support, role:admin, or a parameter like {{who}}. Each is told as they want: at the desk, by push, by mail.",
  slack: thereHint("Slack"),
  teams: thereHint("Teams"),
  chat: "Contacts by their ids, by addresses that a site has signed, by tag:vip, or a parameter like {{customer}}. Who has no open conversation gets a new one or a mail.",
};

function thereHint(service: string): string {
  return `Addresses of colleagues who are linked in ${service}, team:support, role:admin, tag:vip for contacts who talk there, or a parameter like {{who}}.`;
}

/** A message: by what, to whom, when, and its text. */
export function MessageEditor({ body, parameters, onChange, faultAt }: EditorLook) {
  const fault = (path: string) => faultAt(path)?.text ?? null;
  const field = (name: string) => ({
    id: `message-${name}`,
    wrong: fault(name),
    value: textIn(body[name]),
    onInput: (written: string) => onChange(withText(body, name, written)),
  });
  const by = wayOf(body);
  const isToPeople = by in whom;
  const slots = slotsOf(parameters, isToPeople);
  return (
    <section class={styles.part} aria-label="Message">
      <Wrong>{fault("")}</Wrong>
      <Choice
        {...field("by")}
        label="By"
        options={ways}
        value={by}
        wrong={fault("by") ?? fault("channel")}
        onInput={(next) => onChange(begin(next, body))}
      />
      {isToPeople ? (
        <>
          <TextField
            {...field("to")}
            label="To, one a line"
            many
            hint={whom[by] ?? ""}
            value={linesIn(body["to"])}
            onInput={(written) => onChange({ ...body, to: written === "" ? [] : written.split("\n") })}
          />
          {isService(by) && (
            <MessageRooms channel={by} rooms={listIn(body["rooms"])} onChange={(rooms) => onChange({ ...body, rooms })} faultAt={fault} />
          )}
          <MessageRows
            rows={isRecord(body["rows"]) ? body["rows"] : null}
            onChange={(rows) => {
              const { rows: _, ...rest } = body;
              onChange(rows === null ? rest : { ...rest, rows });
            }}
            faultAt={(path) => fault(path === "" ? "rows" : `rows.${path}`)}
          />
        </>
      ) : (
        <TextField {...field("conversation")} label="Conversation" hint="{{conversation}} is the one where it is run." />
      )}
      {by === "mail" && <TextField {...field("subject")} label="Subject" />}
      <TextField {...field("text")} label="Text" many hint={textHint(by)} />
      <SlotButtons
        slots={slots.map((name) => `{{${name}}}`)}
        onChoose={(slot) => onChange({ ...body, text: insertSlot(document.getElementById("message-text"), textIn(body["text"]), slot) })}
      />
      <TextField
        {...field("at")}
        label="When"
        placeholder="At once"
        hint="A time like 2026-11-21T09:30:00Z, or a parameter like {{when}}."
      />
      <MessageExample body={body} parameters={parameters} />
    </section>
  );
}

/** As the choice names it: a service by its own name. */
function wayOf(body: Body): string {
  const by = textIn(body["by"]);
  return by === "channel" ? textIn(body["channel"]) : by;
}

function isService(way: string): boolean {
  return way === "slack" || way === "teams";
}

function textHint(by: string): string {
  if (by === "notice") return "500 characters at most. It says from whom it is.";
  return by === "reply" || by === "note"
    ? "{{me.name}} is whoever runs it."
    : "{{row.name}} is each who gets it, {{me.name}} whoever runs it.";
}

function slotsOf(parameters: readonly Parameter[], isToPeople: boolean): string[] {
  return [...parameters.flatMap(slotsFor), "me.name", ...(isToPeople ? ["row.name", "row.email"] : [])];
}

/** What another way has too is kept. */
function begin(way: string, { text, at, to, rows }: Body): Body {
  const kept = { text: textIn(text), ...(at === undefined ? {} : { at }) };
  if (!(way in whom)) return { by: way, conversation: "{{conversation}}", ...kept };
  const by = isService(way) ? { by: "channel", channel: way } : { by: way };
  const people = { to: Array.isArray(to) ? to : [], ...(rows === undefined ? {} : { rows }) };
  return way === "mail" ? { ...by, ...people, subject: "", ...kept } : { ...by, ...people, ...kept };
}

/** A time that isn't there is left out. */
function withText(body: Body, name: string, written: string): Body {
  const { [name]: _, ...rest } = body;
  return name === "at" && written === "" ? rest : { ...body, [name]: written };
}

function linesIn(value: unknown): string {
  return listIn(value).join("\n");
}

function listIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
