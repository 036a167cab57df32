import type { VisitorPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import { checkForm, type FormField, type FormValues } from "../../protocol/forms.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { saveAnswers } from "../contacts/visitorStore.ts";
import { publishConversationEvent } from "../events.ts";
import { wrongField } from "../turns/offeredAction.ts";
import type { Inbox } from "./inboxes.ts";

export interface PrechatAnswers {
  prechat?: Record<string, unknown>;
  team?: string;
}

/**
 * Keeps what was filled in before the first message, as the visitor's own word: it proves nothing and joins no contacts. A team that was
 * chosen takes the conversation while the assistant has it. Answers what the contact is called now, and whether an address is known. Refusal `invalid_value`, whose path is `prechat.<field>` or `team`.
 */
export async function answerPrechat(
  deps: Pick<Platform, "database" | "bus">,
  visitor: VisitorPrincipal,
  { prechat: asked }: Pick<Inbox, "prechat">,
  { prechat: given = {}, team }: PrechatAnswers,
  labelOf: (name: string) => string,
): Promise<{ name: string; mailKnown: boolean } | undefined> {
  const fields: FormField[] = (asked?.fields ?? []).map((field) => ({ ...field, label: labelOf(field.name) }));
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name));
  if (unknown !== undefined) {
    const name = unknown.slice(0, 60);
    throw new Refusal("invalid_value", `This inbox doesn't ask for "${name}" before the chat.`, { path: `prechat.${name}` });
  }
  if (team !== undefined && !(asked?.teams ?? []).includes(team))
    throw new Refusal("invalid_value", `There is no team "${team.slice(0, 60)}" to choose here.`, { path: "team" });
  const { values, wrong } = checkForm(fields, given);
  if (wrong[0] !== undefined) throw wrongField(fields, wrong[0], "prechat");
  const kept = await saveAnswers(deps.database.forTenant(visitor.tenant), visitor.contact, visitor.conversation, {
    answers: fields.flatMap((field) =>
      values[field.name] === undefined ? [] : [{ label: field.label, value: written(values[field.name]) }],
    ),
    name: textOf(values, "name"),
    email: textOf(values, "email"),
    team: team ?? null,
  });
  publishConversationEvent(deps, visitor.tenant, { kind: "contactChanged", conversation: visitor.conversation });
  return kept;
}

/** What must be known before the first message and isn't. Refusal `invalid_value`, whose path is `prechat.<field>`. */
export function refuseUnanswered({ prechat }: Pick<Inbox, "prechat">, labelOf: (name: string) => string): void {
  const field = prechat?.fields.find(({ required }) => required);
  if (field === undefined) return;
  throw new Refusal("invalid_value", `"${labelOf(field.name)}" must be filled in before the first message.`, {
    path: `prechat.${field.name}`,
  });
}

/** As an agent reads it. */
function written(value: FormValues[string] | undefined): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}

function textOf(values: FormValues, name: string): string | null {
  const value = values[name];
  return typeof value === "string" ? value.slice(0, 254) : null;
}
