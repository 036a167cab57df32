import type { CommandListing } from "../../src/protocol/commands.ts";
import { lineOf } from "../commands/commandLine.ts";
import { type LineItem, lineItems } from "../commands/lineItems.ts";

type Choices = Parameters<typeof lineItems>[1]["choices"];

const asText = 'A text that begins with "/" is written with "//".';

/** What Enter means where a line of `/` stands: what it is run as, or what is told. Undefined where it is a text. */
export type Entered = { item: LineItem } | { wrong: string; unknown: boolean } | undefined;

/** A line that begins with `/` is never a text: a customer would read what is meant for us. */
export function enteredLine(text: string, commands: readonly CommandListing[], choices: Choices): Entered {
  const line = text.trim();
  if (!line.startsWith("/") || line.startsWith("//")) return undefined;
  if (line.includes("\n")) return { wrong: `A command is one line. ${asText}`, unknown: false };
  // As if its name were ended: what is written in full needs no choice.
  const whole = `${line} `;
  const read = lineOf(whole, commands) && lineItems(whole, { commands, hasConversation: true, choices });
  if (read === undefined) return { wrong: `There is no command "${line.slice(0, 60)}" that you may run. ${asText}`, unknown: true };
  const item = read.items.find(({ does }) => does !== "write");
  return item === undefined ? { wrong: read.wrong ?? "This line can't be read.", unknown: false } : { item };
}

/** What is sent of what is written: `//` stands for a `/`. */
export function sentText(text: string): string {
  return text.trim().replace(/^\/\//, "/");
}

/** What is to be written so that this is sent. */
export function writtenText(sent: string): string {
  return sent.trimStart().startsWith("/") ? `/${sent.trimStart()}` : sent;
}
