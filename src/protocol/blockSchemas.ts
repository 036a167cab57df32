import { z } from "zod";
import type { Block } from "./blocks.ts";

export type { Block };

const short = z.string().max(200);
const long = z.string().max(4000);

const button = z.object({
  action: short.min(1),
  label: short.min(1),
  value: long.exactOptional(),
  style: z.enum(["primary", "plain", "danger"]).exactOptional(),
});
const someButtons = z.array(button).min(1).max(20);

const buttons = z.object({ type: z.literal("buttons"), buttons: someButtons });

const table = z.object({
  type: z.literal("table"),
  columns: z.array(z.object({ name: short, type: short })).max(100),
  rows: z.array(z.array(long).max(100)).max(1000),
  truncated: z.boolean(),
});

const fields = z.object({ type: z.literal("fields"), fields: z.array(z.object({ label: short, value: long })).max(100) });

/** A name that an argument may have: what the values are called by. */
const fieldName = z.string().regex(/^[A-Za-z][\w-]{0,59}$/, "must begin with a letter and have letters, digits, - and _ only");

export const formField = z
  .object({
    name: fieldName,
    label: short.min(1),
    type: z.enum(["text", "email", "phone", "number", "date", "choice", "checkbox"]),
    required: z.boolean().exactOptional(),
    choices: z.array(short.min(1)).min(1).max(100).exactOptional(),
  })
  .refine(({ type, choices }) => (type === "choice") === (choices !== undefined), {
    message: "a choice has choices, and nothing else has",
    path: ["choices"],
  });

export const formFields = z
  .array(formField)
  .max(30)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, { message: "two fields have the same name" });

const form = z.object({
  type: z.literal("form"),
  title: short.exactOptional(),
  action: short.min(1),
  fields: formFields.min(1),
  submit: short.min(1).exactOptional(),
});

const address = (...protocols: string[]) =>
  z
    .string()
    .max(2048)
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      message: `must be an address by ${protocols.join(" or ")}`,
    });

const card = z.object({
  type: z.literal("card"),
  title: short.min(1),
  text: long.exactOptional(),
  image: z.object({ url: address("https:"), alt: short }).exactOptional(),
  link: address("https:", "http:").exactOptional(),
  buttons: someButtons.exactOptional(),
});

const chart = z
  .object({
    type: z.literal("chart"),
    look: z.enum(["bars", "lines"]).exactOptional(),
    title: short.exactOptional(),
    labels: z.array(short).min(1).max(100),
    series: z
      .array(z.object({ name: short, values: z.array(z.number()).max(100) }))
      .min(1)
      .max(5),
  })
  .refine(({ labels, series }) => series.every(({ values }) => values.length === labels.length), {
    message: "each series has a value for each label",
  });

const plan = z.object({
  type: z.literal("plan"),
  summary: long.min(1),
  changes: z.array(z.object({ what: short, before: long.exactOptional(), after: long.exactOptional() })).max(100),
  more: z.int().min(0).exactOptional(),
  buttons: someButtons.exactOptional(),
});

const block = z.discriminatedUnion("type", [buttons, table, fields, form, card, chart, plan]);

/** A block from outside as one that readers know; undefined for any other, which is passed over. */
export function knownBlock(value: unknown): Block | undefined {
  const parsed = block.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}
