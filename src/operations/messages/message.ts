import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";
import type { Saving } from "../operationKind.ts";
import { slotsIn } from "../slots.ts";

const text = z.string().min(1, "a text is needed").max(4000, "4,000 characters is the limit");
const place = z.string().min(1).max(300);
const to = z.array(place).max(20, "20 places are the most").default([]);
/** When it goes, where that isn't now: an instant, or a slot that holds one. */
const at = place.optional();

/** Everybody whom a published query answers: `column` has their mail addresses, or their ids as contacts. */
const rows = z
  .strictObject({
    query: z.string().min(1).max(60),
    args: z.record(z.string(), z.unknown()).default({}),
    column: z.string().min(1).max(128),
  })
  .optional();

/** What is sent to whom; every text may have slots, those of `row` are of who gets it. */
export const messageBody = z.discriminatedUnion("by", [
  z.strictObject({
    by: z.literal("mail"),
    /** Addresses, a slot that holds one or a list of them, `team:support`, `role:admin`, or `tag:vip` for contacts. */
    to,
    rows,
    subject: z.string().min(1, "a subject is needed").max(200, "200 characters is the limit"),
    text,
    at,
  }),
  /** To people of the desk, as each of them wants to be told: addresses of accounts, `team:support`, `role:admin`. */
  z.strictObject({
    by: z.literal("notice"),
    to,
    rows,
    text: z.string().min(1, "a text is needed").max(500, "500 characters is the limit of a notice"),
    at,
  }),
  /** To contacts, where they write: ids, addresses that their site has signed, `tag:vip`. */
  z.strictObject({ by: z.literal("chat"), to, rows, text, at }),
  /** Where they are in Slack or Teams: people of the desk who are linked, contacts who talk there (ids, `tag:vip`), and rooms. */
  z.strictObject({ by: z.literal("channel"), channel: z.string().min(1).max(40), to, rooms: to, rows, text, at }),
  z.strictObject({ by: z.literal("reply"), conversation: place, text, at }),
  z.strictObject({ by: z.literal("note"), conversation: place, text, mentions: z.array(place).max(20).optional(), at }),
]);

export type Message = z.output<typeof messageBody>;
/** To people, each with a text of their own. */
export type Addressed = Extract<Message, { by: "mail" | "notice" | "chat" | "channel" }>;
export type ByChannel = Extract<Message, { by: "channel" }>;
export type InConversation = Extract<Message, { by: "reply" | "note" }>;

export function isAddressed(message: Message): message is Addressed {
  return message.by !== "reply" && message.by !== "note";
}

/** Refusals `invalid_value` for nobody to write to, and for a slot that will have no value. */
export function checkMessage(message: Message, { parameters }: Pick<Saving, "parameters">): void {
  const rooms = message.by === "channel" ? message.rooms : [];
  if (isAddressed(message) && message.to.length === 0 && rooms.length === 0 && message.rows === undefined)
    throw new Refusal("invalid_value", "Somebody must get it: name people, or a query that answers them.", { path: "message.to" });
  const files = new Set(parameters.filter(({ type }) => type === "file").map(({ name }) => name));
  const always = [...parameters.map(({ name }) => name), "me"];
  for (const [field, value] of Object.entries(message)) {
    const known = new Set((field === "text" || field === "subject") && isAddressed(message) ? [...always, "row"] : always);
    const strange = slotsIn(value).find(({ root }) => !known.has(root));
    const whole = slotsIn(value).find(({ root, path }) => path.length === 0 && files.has(root));
    if (whole !== undefined)
      throw new Refusal(
        "invalid_value",
        `${whole.text} is a file: write {{${whole.root}.url}} for its address, or {{${whole.root}.name}}.`,
        {
          path: `message.${field}`,
        },
      );
    if (strange !== undefined)
      throw new Refusal("invalid_value", `${strange.text} has no value here: it is no parameter.`, { path: `message.${field}` });
  }
}
