import { usage } from "../commands/arguments.ts";
import type { Command, CommandMessage } from "../commands/command.ts";
import type { ButtonsBlock } from "../protocol/blocks.ts";
import type { Refusal } from "../protocol/refusal.ts";

/** What the bot says by itself, apart from what commands answer. */

const person = { action: "person", label: "Ask for a person" };
const help = { action: "command", label: "What can I ask?", value: "help" };

export function suggestion(written: string, command: Command, line: string): CommandMessage {
  const corrected = `${command.name} ${line}`.trim();
  return {
    text: `I don't know "${short(written)}". Did you mean "${command.name}"?`,
    blocks: [buttons({ action: "command", label: short(corrected), value: corrected, style: "primary" }, person)],
  };
}

export function lost(written: string): CommandMessage {
  return {
    text: written === "" ? "Write a command, or ask for a person." : `I have no answer to that yet. "help" shows what I can do.`,
    blocks: [buttons(help, person)],
  };
}

export function away(name: string): CommandMessage {
  return {
    text: `"${short(name)}" is not running at the moment. Try it again in a while, or ask for a person.`,
    blocks: [buttons(person)],
  };
}

export function stillWorking(command: Command): CommandMessage {
  return { text: `Still working on "${command.name}". I'll tell you as soon as it's done.`, blocks: [buttons(person)] };
}

export function gaveUp(command: Command, seconds: number): CommandMessage {
  const outcome = command.risk === "read" ? "Nothing was changed." : "It may or may not have been done; please check before you repeat it.";
  return { text: `"${command.name}" did not answer within ${seconds} seconds. ${outcome} A person can help.`, blocks: [buttons(person)] };
}

export function uncertain(command: Command, line: string): CommandMessage {
  return {
    text: `I was interrupted while "${command.name}" ran: it may or may not have been done. Please check before you repeat it.`,
    blocks: [buttons({ action: "command", label: `Run "${command.name}" again`, value: `${command.name} ${line}`.trim() }, person)],
  };
}

export function failed(): CommandMessage {
  return { text: "That did not work, and it was noted. A person can help.", blocks: [buttons(person)] };
}

/** An error of the command, as one line and the way to write it. */
export function refused(command: Command, refusal: Refusal): CommandMessage {
  const wrongArguments = refusal.code === "invalid_value";
  const shown = wrongArguments ? `${refusal.message} Write: ${usage(command)}` : refusal.message;
  return { text: shown, blocks: [buttons(...(wrongArguments ? [help] : []), person)] };
}

function buttons(...list: ButtonsBlock["buttons"]): ButtonsBlock {
  return { type: "buttons", buttons: list };
}

function short(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59).toWellFormed()}…`;
}
