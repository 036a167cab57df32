import { usage } from "../../commands/arguments.ts";
import type { Command, CommandMessage } from "../../commands/command.ts";
import type { ButtonsBlock } from "../../protocol/blocks.ts";
import type { Language } from "../../protocol/languages.ts";
import type { Refusal } from "../../protocol/refusal.ts";
import type { NewMessage } from "../conversation.ts";
import type { Sentences } from "../sentences/sentences.ts";
import { confirmWord } from "./decideTurn.ts";

/** What the bot says by itself, apart from what commands answer, in the visitor's language. */

export const botName = "Assistant";

/** A message of the bot; `command` is the one that answered. */
export function saidByBot({ text, blocks }: CommandMessage, command?: Command): Omit<NewMessage, "key"> {
  return {
    author: { kind: "bot", name: botName },
    text,
    ...(blocks === undefined ? {} : { blocks }),
    ...(command === undefined ? {} : { command: command.name }),
  };
}

const person = (say: Sentences) => ({ action: "person", label: say.askForPerson });
const help = (say: Sentences) => ({ action: "command", label: say.whatCanIAsk, value: "help" });

export function suggestion(say: Sentences, written: string, command: Command, line: string): CommandMessage {
  const corrected = `${command.name} ${line}`.trim();
  return {
    text: say.suggestion(short(written), command.name),
    blocks: [buttons({ action: "command", label: short(corrected), value: corrected, style: "primary" }, person(say))],
  };
}

export function lost(say: Sentences, written: string): CommandMessage {
  return { text: written === "" ? say.nothingWritten : say.lost, blocks: [buttons(help(say), person(say))] };
}

/** To files without a word. */
export function onlyFiles(say: Sentences): CommandMessage {
  return { text: say.onlyFiles, blocks: [buttons(person(say), help(say))] };
}

export function away(say: Sentences, name: string): CommandMessage {
  return { text: say.away(short(name)), blocks: [buttons(person(say))] };
}

export function stillWorking(say: Sentences, command: Command): CommandMessage {
  return { text: say.stillWorking(command.name), blocks: [buttons(person(say))] };
}

export function gaveUp(say: Sentences, command: Command, seconds: number): CommandMessage {
  const outcome = command.risk === "read" ? say.nothingChanged : say.perhapsDone;
  return { text: `${say.gaveUp(command.name, seconds)} ${outcome} ${say.personCanHelp}`, blocks: [buttons(person(say))] };
}

export function uncertain(say: Sentences, command: Command, line: string): CommandMessage {
  return {
    text: say.interrupted(command.name),
    blocks: [buttons({ action: "command", label: say.runAgain(command.name), value: `${command.name} ${line}`.trim() }, person(say))],
  };
}

/** What can't be taken back is asked for twice. */
export function confirmFirst(say: Sentences, command: Command, code: string, seconds: number): CommandMessage {
  const line = `${confirmWord} ${code}`;
  return {
    text: say.confirmFirst(command.name, seconds, line),
    blocks: [buttons({ action: "command", label: say.confirmYes(command.name), value: line, style: "primary" }, person(say))],
  };
}

export function confirmationOver(say: Sentences): CommandMessage {
  return { text: say.confirmationOver, blocks: [buttons(help(say), person(say))] };
}

export function failed(say: Sentences): CommandMessage {
  return { text: say.failed, blocks: [buttons(person(say))] };
}

/** An error of the command, as one line and the way to write it. */
export function refused(say: Sentences, command: Command, refusal: Refusal, language: Language): CommandMessage {
  const wrongArguments = refusal.code === "invalid_value";
  const told = refusal.in(language);
  const shown = wrongArguments ? `${told} ${say.write(usage(command))}` : told;
  return { text: shown, blocks: [buttons(...(wrongArguments ? [help(say)] : []), person(say))] };
}

function buttons(...list: ButtonsBlock["buttons"]): ButtonsBlock {
  return { type: "buttons", buttons: list };
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).toWellFormed()}…`;
}
