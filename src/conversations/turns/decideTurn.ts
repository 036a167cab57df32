import type { Command } from "../../commands/command.ts";
import { codeIn } from "../../commands/plans/confirmation.ts";
import type { Commands } from "../../commands/registry.ts";
import type { ActionBlock, Block } from "../../protocol/blocks.ts";
import { parseArguments } from "../../protocol/commandLine.ts";
import { textWithoutFiles } from "../../protocol/files.ts";
import type { Control } from "../conversation.ts";

export interface TurnQuestion {
  /** What the visitor wrote, or the line behind the button that was pressed. */
  line: string;
  /** Who controls the conversation as the turn is taken. */
  control: Control;
  /** Whether its command may have been asked before. */
  begunBefore: boolean;
}

export type TurnDecision =
  /** A person answers, or the line is for one. */
  | { do: "nothing" }
  | { do: "run"; command: Command; line: string }
  /** What was asked for a moment ago, and can't be taken back, is meant. */
  | { do: "confirm"; code: string }
  /** It was begun before and may have been done: it isn't repeated blindly. */
  | { do: "uncertain"; command: Command; line: string }
  | { do: "suggest"; written: string; command: Command; line: string }
  /** A name that was there and is not at the moment. */
  | { do: "away"; name: string }
  | { do: "lost"; written: string };

/** So often a turn may fail, or lose the process that works on it, before it is put aside. */
export const mostAttempts = 5;

/** Before a code; whoever writes "confirm my order" means something else. */
export const confirmWord = "confirm";

/** What a visitor's message leads to. Pure: the same question has the same answer. */
export function decideTurn(
  question: TurnQuestion,
  {
    registry,
    may,
    away,
  }: { registry: Pick<Commands, "find" | "nearest">; may: (command: Command) => boolean; away: (name: string) => boolean },
): TurnDecision {
  const { control, line } = question;
  if (control.controller === "agent") return { do: "nothing" };
  const { name, rest } = split(line, (candidate) => registry.find(candidate) !== undefined);
  const code = name.toLowerCase() === confirmWord ? codeIn(rest) : undefined;
  if (code !== undefined) return { do: "confirm", code };
  const command = registry.find(name);
  if (command !== undefined && may(command)) {
    // What can't be taken back only asks at first.
    const repeated = question.begunBefore && command.source === "automation" && command.risk === "write";
    return { do: repeated ? "uncertain" : "run", command, line: rest };
  }
  if (away(name)) return { do: "away", name };
  // In the queue people write to the person who is about to come: only what is surely a command is answered.
  if (control.controller === "queue") return { do: "nothing" };
  const near = registry.nearest(name, may);
  return near === undefined ? { do: "lost", written: name } : { do: "suggest", written: name, command: near, line: rest };
}

interface Asking {
  text: string;
  blocks?: readonly Block[] | undefined;
}

/** What a message asks for: its text, what stands behind the button that was pressed, or the command that takes the form. */
export function lineOf(message: Asking): string {
  const action = actionOf(message);
  if (action === undefined) return textWithoutFiles(message.text, message.blocks);
  if (action.values === undefined) return action.value ?? action.action;
  const values = Object.entries(action.values).map(([name, value]) => `${name}:"${String(value).replaceAll('"', "'")}"`);
  return [action.action, ...values].join(" ");
}

/** The arguments of the command that the message runs: as its form has them, or as they stand in the line. Refusal `invalid_value`. */
export function argumentsOf(message: Asking, command: Command, line: string): Readonly<Record<string, unknown>> {
  return actionOf(message)?.values ?? parseArguments(command.args, line);
}

function actionOf({ blocks }: Asking): ActionBlock | undefined {
  return blocks?.find((block) => block.type === "action");
}

/** The command's name, of one word or of two for a name with a dot, and the rest of the line. A slash before it is allowed. */
function split(line: string, known: (name: string) => boolean): { name: string; rest: string } {
  const text = line.trim().replace(/^\//u, "");
  const [, first = "", second] = /^(\S*)(?:\s+(\S+))?/u.exec(text) ?? [];
  if (second !== undefined && !known(first) && known(`${first}.${second}`)) {
    return { name: `${first}.${second}`, rest: text.slice(text.indexOf(second, first.length) + second.length).trim() };
  }
  return { name: first, rest: text.slice(first.length).trim() };
}
