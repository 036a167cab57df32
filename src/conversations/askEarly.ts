import type { VisitorPrincipal } from "../access/principal.ts";
import type { Command, CommandResult } from "../commands/command.ts";
import { execute } from "../commands/execute.ts";
import type { Registry } from "../commands/registry.ts";
import type { Block } from "../protocol/blocks.ts";
import { saidByBot } from "./answerText.ts";
import { type Control, type EarlyAnswer, keys } from "./conversation.ts";
import { argumentsOf, decideTurn, lineOf } from "./decideTurn.ts";
import type { InboxDirectory } from "./inboxes.ts";
import type { Ledger } from "./ledger.ts";

/** A command that was asked before its message is written. */
export interface Asked {
  command: Command;
  line: string;
  result: Promise<CommandResult>;
}

export interface Early {
  /** For the write of the message: filled when the command answers. */
  answer: EarlyAnswer;
  /** For the turn, where the answer came too late for that: it goes on waiting instead of asking again. */
  asked: Promise<Asked | undefined>;
}

/** A message as it is about to be kept. */
export interface EarlyQuestion {
  clientId: string;
  text: string;
  blocks?: Block[];
}

export interface EarlyAsking {
  ledger: Ledger;
  registry: Registry;
  inboxes: InboxDirectory;
  away: (name: string) => boolean;
}

/**
 * Asks for the answer to a visitor's message that is about to be written, so that one write takes both. Nobody waits for it: what isn't there
 * when the write leaves, and whatever goes wrong, is the turn's. Only a command that reads is asked, since the message may never be saved;
 * and only where no other message of the conversation is being written, so that answers come in the order of the questions.
 * `control` is how the conversation was seen last.
 */
export function askEarly(deps: EarlyAsking, visitor: VisitorPrincipal, control: Control, question: EarlyQuestion): Early | undefined {
  if (control.controller !== "bot" || deps.ledger.isWriting(visitor.conversation)) return undefined;
  const early: Early = {
    answer: { generation: control.generation, message: undefined },
    asked: ask(deps, visitor, control, question).catch(() => undefined),
  };
  void fill(early).catch(() => {});
  return early;
}

async function ask(
  { registry, inboxes, away }: EarlyAsking,
  visitor: VisitorPrincipal,
  control: Control,
  question: EarlyQuestion,
): Promise<Asked | undefined> {
  const inbox = await inboxes.byId(visitor.tenant, visitor.inbox);
  const may = (command: Command) => inbox.publishes(command);
  const decision = decideTurn({ line: lineOf(question), control, attempts: 0 }, { registry, may, away });
  if (decision.do !== "run" || decision.command.risk !== "read") return undefined;
  const { command, line } = decision;
  // Not the run of a turn: a page chooses its clientIds, and one that looks like a `seq` must not stand for that turn's effect.
  const run = `${visitor.conversation}:${keys.visitor(question.clientId)}`;
  const args = argumentsOf(question, command, line);
  return { command, line, result: execute({ command, principal: visitor, run, args, conversation: visitor.conversation }) };
}

async function fill({ answer, asked }: Early): Promise<void> {
  const one = await asked;
  const [message, more] = (await one?.result)?.messages ?? [];
  if (one !== undefined && message !== undefined && more === undefined) answer.message = saidByBot(message, one.command);
}
