import { checkArguments } from "../../commands/arguments.ts";
import type { Command } from "../../commands/command.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { CardRow } from "../cards/cardStore.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Form } from "../drawing.ts";
import type { Asker } from "./askCommand.ts";
import { commandsFor } from "./findCommand.ts";
import { argumentsOf, inputsOf, secretOf } from "./inputs.ts";

/** Which form of which card: what comes back as its `card`. */
export interface FormName {
  card: string;
  verb: string;
  /** Of a card that offers several commands: which. */
  value: string | undefined;
}

/** Letters, digits, `_` and `-`: services keep it for us. It proves nothing. */
export function formName({ card, verb, value }: FormName): string {
  return [card, verb, ...(value === undefined ? [] : [Buffer.from(value).toString("base64url")])].join("_");
}

export function readFormName(text: string): FormName | undefined {
  const [, card, verb, value] = /^([0-9a-f-]{36})_([A-Za-z]{1,20})(?:_([\w-]{1,300}))?$/.exec(text) ?? [];
  if (card === undefined || verb === undefined) return undefined;
  return { card, verb, value: value === undefined ? undefined : Buffer.from(value, "base64url").toString() };
}

const reason = { name: "reason", label: "Why", type: "longText", maxLength: 1000 } as const;

/** What this press of a card asks for; undefined where it opens nothing. Refusal `unknown_command` where they may not run it any more. */
export async function formOf(
  outside: Pick<ChatOutside, "registry">,
  asker: Asker,
  card: CardRow,
  verb: string,
  value: string | undefined,
): Promise<Form | undefined> {
  const name = formName({ card: card.id, verb, value });
  if (verb === "reject") return { card: name, title: "Refuse", inputs: [{ ...reason, required: false }], submit: "Refuse" };
  if (verb === "breakGlass")
    return {
      card: name,
      title: "Break the glass",
      text: "It runs without the approval that it needs. Everybody who was asked is told, with your reason.",
      inputs: [{ ...reason, required: true, minLength: 10 }],
      submit: "Run it",
    };
  if (verb === "note")
    return {
      card: name,
      title: "A note",
      text: "Only colleagues read it.",
      inputs: [{ name: "text", label: "Note", type: "longText", required: true, maxLength: 3000 }],
      submit: "Keep it",
    };
  if (verb === "prove") return { card: name, title: "Is it you?", text: "This can't be taken back.", inputs: [codeInput], submit: "Go on" };
  const asked = await commandAsked(outside, asker, card, value);
  if (asked === undefined) return undefined;
  const { command, args } = asked;
  return {
    card: name,
    title: command.name,
    text: command.summary,
    inputs: inputsOf(command.args, args),
    submit: command.risk === "read" ? "Run" : "Go on",
  };
}

const codeInput = {
  name: "code",
  label: "Code of your authenticator",
  hint: "The 6 digits that it shows now, or a recovery code.",
  type: "text",
  required: true,
  minLength: 6,
  maxLength: 40,
} as const;

/** The command whose arguments a card asks for. Refusal `unknown_command` for what they may not run. */
export async function commandAsked(
  { registry }: Pick<ChatOutside, "registry">,
  { principal }: Asker,
  { data }: CardRow,
  value: string | undefined,
): Promise<{ command: Command; args: Readonly<Record<string, unknown>> } | undefined> {
  const name = data.kind === "form" || data.kind === "plan" ? data.command : data.kind === "commands" ? value : undefined;
  if (name === undefined) return undefined;
  const command = (await commandsFor(registry, principal)).find((one) => one.name === name);
  if (command === undefined) throw new Refusal("unknown_command", `There is no command "${name.slice(0, 60)}" that you may run.`);
  if (secretOf(command.args) !== undefined) throw new Refusal("invalid_value", `"${name}" takes a secret: run it at the desk.`);
  return { command, args: "args" in data ? data.args : {} };
}

/** By the inputs' names, why values don't fit a command; nothing where they do. */
export function problemsOf(command: Command, values: Readonly<Record<string, string>>): Record<string, string> {
  try {
    checkArguments(command.args, argumentsOf(command.args, values));
    return {};
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const [first = ""] = Object.keys(command.args.properties);
    return { [/^args\.([^.]+)/.exec(error.path ?? "")?.[1] ?? first]: error.message };
  }
}
