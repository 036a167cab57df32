import { z } from "zod";
import type { CannedItem, MacroItem, ViewItem } from "../protocol/aids.ts";
import { macroSteps } from "../protocol/aids.ts";
import { inShape } from "../protocol/inShape.ts";
import { Refusal } from "../protocol/refusal.ts";
import { slotNames, unknownSlots } from "../protocol/slots.ts";

type Texts = CannedItem["texts"];

const languageTag = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

/** Each version: 1 to 4,000 characters under a language tag, with known slots only. Refusal `invalid_value`. */
export function checkTexts(texts: Readonly<Record<string, unknown>>): Texts {
  const entries = Object.entries(texts);
  if (entries.length === 0) throw wrong("texts", "A text in at least one language is needed.");
  if (entries.length > 20) throw wrong("texts", "20 languages are the limit.");
  return Object.fromEntries(
    entries.map(([language, text]) => [checkLanguage(language), checkText(text, `texts.${language.slice(0, 20)}`)]),
  );
}

export function checkLanguage(language: string): string {
  if (languageTag.test(language)) return language;
  throw wrong("language", `"${language.slice(0, 20)}" is no language; write a tag like en or pt-BR.`);
}

/** What an answer or a note of a macro may say. */
export function checkText(text: unknown, path: string): string {
  if (typeof text !== "string" || text.trim() === "") throw wrong(path, "A text is needed.");
  const length = [...text].length;
  if (length > 4000) throw wrong(path, `4,000 characters is the limit, this text has ${length.toLocaleString("en")}.`);
  const [unknown] = unknownSlots(text);
  if (unknown !== undefined) {
    throw wrong(path, `There is no value "{{${unknown.slice(0, 40)}}}"; there are ${slotNames.map((name) => `{{${name}}}`).join(", ")}.`);
  }
  return text;
}

const macroActions = z
  .array(
    z.strictObject({
      do: z.enum(["answer", "note", "tag", "untag", "priority", "transfer", "snooze", "hand-back", "close"]),
      value: z.string().min(1, "a value is needed").max(4000, "4,000 characters is the limit").exactOptional(),
    }),
  )
  .min(1, "at least one action is needed")
  .max(20, "20 actions are the limit");

/** Refusal `invalid_value` with the path of the action meant. */
export function checkActions(actions: unknown): MacroItem["actions"] {
  const checked = inShape(macroActions, actions, "args.actions");
  for (const [index, action] of checked.entries()) {
    const needs = macroSteps[action.do].argument;
    if (needs !== null && (action.value ?? "").trim() === "")
      throw wrong(`actions.${index}.value`, `"${macroSteps[action.do].label}" needs a value.`);
    if (needs === null && action.value !== undefined)
      throw wrong(`actions.${index}.value`, `"${macroSteps[action.do].label}" takes no value.`);
    if (action.do === "note") checkText(action.value, `actions.${index}.value`);
  }
  return checked;
}

const few = <Item extends z.ZodType>(item: Item) =>
  z.array(item).min(1, "at least one is needed").max(50, "50 are the limit").exactOptional();

const viewFilter = z.strictObject({
  team: few(z.string().max(60)),
  tag: few(z.uuid("the id of a tag is needed")),
  agent: few(z.union([z.literal("me"), z.literal("none"), z.uuid()], "the id of an account, me or none is needed")),
  controller: few(z.enum(["bot", "queue", "agent"], "bot, queue or agent is needed")),
  priority: few(z.int("1 to 4 is needed").min(1, "1 to 4 is needed").max(4, "1 to 4 is needed")),
  language: few(z.string().regex(languageTag, "a tag like en or pt-BR is needed")),
  waitingLongerThan: z
    .int("whole seconds are needed")
    .min(1, "at least a second")
    .max(30 * 86_400, "30 days are the limit")
    .exactOptional(),
  text: z.string().min(1, "a text is needed").max(200, "200 characters is the limit").exactOptional(),
});

/** Refusal `invalid_value` with the path of the field meant. */
export function checkFilter(filter: unknown): ViewItem["filter"] {
  return inShape(viewFilter, filter, "args.filter");
}

/** What is shown, called and searched by this: one line. */
export function checkName(name: string, limit = 60): string {
  const clean = name.trim().replace(/\s+/gu, " ");
  if (clean === "") throw wrong("name", "A name is needed.");
  if ([...clean].length > limit) throw wrong("name", `A name has at most ${limit} characters.`);
  if (/[\p{Cc}\p{Cf}]/u.test(clean)) throw wrong("name", "A name has no control characters.");
  return clean.toWellFormed();
}

function wrong(path: string, message: string): Refusal {
  return new Refusal("invalid_value", message, { path: `args.${path}` });
}
