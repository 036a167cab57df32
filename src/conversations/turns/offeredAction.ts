import type { VisitorPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ActionBlock, Block, Button, FormBlock } from "../../protocol/blocks.ts";
import { checkForm, type FieldProblem, type FormField, type FormValues, maxFieldLength, type WrongField } from "../../protocol/forms.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findMessage } from "../conversationStore.ts";
import { type Say, type Sentences, sentencesIn } from "../sentences/sentences.ts";

/** What is offered everywhere, and what the visitor then says. */
const always = new Map<string, Say>([
  ["person", (say) => say.askForPerson],
  ["leave", (say) => say.leave],
]);

/**
 * What a visitor says by pressing a button or filling in a form that was really offered by that message; `person` and `leave` always are.
 * Refusal `invalid_value`, whose path is `value.<field>` where a value doesn't fit its field.
 */
export async function offeredAction(
  { database }: Pick<Platform, "database">,
  visitor: VisitorPrincipal,
  pressed: { seq: number; action: string; value?: string | undefined },
): Promise<{ text: string; blocks: [ActionBlock] }> {
  const { action, seq: of } = pressed;
  const say = sentencesIn(visitor.locale);
  const everywhere = always.get(action);
  const blocks = (await findMessage(database.forTenant(visitor.tenant), visitor.conversation, of))?.blocks ?? [];
  const form = blocks.find((block): block is FormBlock => block.type === "form" && block.action === action);
  if (form !== undefined) {
    const values = submitted(form, pressed.value);
    return { text: spelledOut(form, values, say), blocks: [{ type: "action", action, values, of }] };
  }
  const button = blocks
    .flatMap(buttonsOf)
    .find((one) => one.action === action && (everywhere !== undefined || one.value === pressed.value));
  if (button === undefined && everywhere === undefined)
    throw new Refusal("invalid_value", "This choice is not offered by that message.", { path: "action" });
  return {
    text: button?.label ?? everywhere?.(say) ?? action,
    blocks: [{ type: "action", action, ...(button?.value === undefined ? {} : { value: button.value }), of }],
  };
}

function buttonsOf(block: Block): Button[] {
  return (block.type === "buttons" || block.type === "card" || block.type === "plan" ? block.buttons : undefined) ?? [];
}

function submitted({ fields }: FormBlock, value: string | undefined): FormValues {
  const given = parsed(value);
  if (given === undefined)
    throw new Refusal("invalid_value", "The value of a form must be its fields' values as a JSON object.", { path: "value" });
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined)
    throw new Refusal("invalid_value", `The form has no field "${unknown.slice(0, 60)}".`, { path: `value.${unknown.slice(0, 60)}` });
  const { values, wrong } = checkForm(fields, given);
  if (wrong[0] !== undefined) throw wrongField(fields, wrong[0], "value");
  return values;
}

/** Refusal `invalid_value` that names the field by its label, and by its path. */
export function wrongField(fields: readonly FormField[], { field, problem }: WrongField, within: string): Refusal {
  const label = fields.find(({ name }) => name === field)?.label ?? field;
  return new Refusal("invalid_value", `"${label}" ${problems[problem]}.`, { path: `${within}.${field}` });
}

function parsed(value: string | undefined): Record<string, unknown> | undefined {
  try {
    const given: unknown = JSON.parse(value ?? "");
    return typeof given === "object" && given !== null && !Array.isArray(given) ? { ...given } : undefined;
  } catch {
    return undefined;
  }
}

/** After the field's label. */
const problems: Record<FieldProblem, string> = {
  required: "must be filled in",
  tooLong: `must have at most ${maxFieldLength.toLocaleString("en")} characters`,
  notText: "must be a text",
  notEmail: "must be a mail address, like name@example.com",
  notNumber: "must be a number",
  notDate: "must be a date, written like 2026-03-31",
  notChoice: "must be one of its choices",
  notChecked: "must be true or false",
};

/** A line for each field that was filled in: the text is complete without the form. */
function spelledOut({ fields, title, submit, action }: FormBlock, values: FormValues, say: Sentences): string {
  const lines = fields.flatMap(({ name, label }) => {
    const value = ownValue(values, name);
    if (value === undefined) return [];
    return [`${label}: ${typeof value === "boolean" ? (value ? say.yes : say.no) : value}`];
  });
  return lines.length === 0 ? (submit ?? title ?? action) : lines.join("\n");
}
