import type { VisitorPrincipal } from "../../access/principal.ts";
import type { Command, CommandResult } from "../../commands/command.ts";
import { execute } from "../../commands/execute.ts";
import type { Registry } from "../../commands/registry.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Block } from "../../protocol/blocks.ts";
import { type Control, type EarlyAnswer, keys } from "../conversation.ts";
import type { InboxDirectory } from "../inboxes/inboxes.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { saidByBot } from "./answerText.ts";
import { argumentsOf, decideTurn, lineOf } from "./decideTurn.ts";
import type { HandedBackTo } from "./handedBack.ts";

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

export interface EarlyAsking extends Pick<Platform, "clock"> {
  ledger: Ledger;
  registry: Registry;
  inboxes: InboxDirectory;
  away: (name: string) => boolean;
  handedBackTo: HandedBackTo;
}

/** `control` is how the conversation was seen last. */
export type AskEarly = (visitor: VisitorPrincipal, control: Control, question: EarlyQuestion) => Early | undefined;

/** A message waits for its answer for so long at most: two writes cost more than that, and an ack within it still seems immediate. */
const waitAtMostMs = 100;

/**
 * Asks for the answer to a visitor's message that is about to be written, so that one write takes both. What isn't there in time, and whatever
 * goes wrong, is the turn's; for a command that took longer the last time no message waits. Only a command that reads is asked, since the
 * message may never be saved; and only where no other message of the conversation is being written, so that answers come in the order of the
 * questions.
 */
export function createEarlyAsker(deps: EarlyAsking): AskEarly {
  const slow = new Set<string>();
  return (visitor, control, question) => {
    if (control.controller !== "bot" || deps.ledger.isWriting(visitor.conversation)) return undefined;
    const asked = ask(deps, visitor, control, question).catch(() => undefined);
    const answer: EarlyAnswer = {
      generation: control.generation,
      message: undefined,
      ready: inTime(
        deps,
        fillFrom(deps, slow, asked, (message) => {
          answer.message = message;
        }),
      ),
    };
    return { answer, asked };
  };
}

/** Resolves when the message needn't wait any longer: also where not even what to ask is known yet, since the database is slow. */
function inTime({ clock }: Pick<Platform, "clock">, filled: Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(waitAtMostMs, resolve);
    void filled.then(() => {
      cancel();
      resolve();
    });
  });
}

/** Resolves when the answer is there, or won't be waited for. Never rejects. */
async function fillFrom(
  { clock }: Pick<Platform, "clock">,
  slow: Set<string>,
  asked: Promise<Asked | undefined>,
  fill: (message: EarlyAnswer["message"]) => void,
): Promise<void> {
  const one = await asked;
  if (one === undefined) return;
  const { name } = one.command;
  const begun = clock.monotonic();
  const filled = answerOf(one)
    .then(fill, () => {})
    .then(() => {
      if (clock.monotonic() - begun <= waitAtMostMs) slow.delete(name);
      else slow.add(name);
    });
  if (!slow.has(name)) await filled;
}

/** Undefined where it isn't one plain message. */
async function answerOf({ command, result }: Asked): Promise<EarlyAnswer["message"]> {
  const [message, more] = (await result).messages;
  return message !== undefined && more === undefined ? saidByBot(message, command) : undefined;
}

async function ask(
  { registry, inboxes, away, handedBackTo }: EarlyAsking,
  visitor: VisitorPrincipal,
  control: Control,
  question: EarlyQuestion,
): Promise<Asked | undefined> {
  const inbox = await inboxes.byId(visitor.tenant, visitor.inbox);
  const may = (command: Command) => inbox.publishes(command);
  const decision = decideTurn(
    { line: lineOf(question), control, begunBefore: false },
    { registry: registry.of(visitor.tenant), may, away },
  );
  if (decision.do !== "run" || decision.command.risk !== "read") return undefined;
  const { command, line } = decision;
  // Not the run of a turn: a page chooses its clientIds, and one that looks like a `seq` must not stand for that turn's effect.
  const run = `${visitor.conversation}:${keys.visitor(question.clientId)}`;
  const args = argumentsOf(question, command, line);
  const conversation = visitor.conversation;
  const handedBack = await handedBackTo({ tenant: visitor.tenant, id: conversation }, control, command);
  return { command, line, result: execute({ command, principal: visitor, run, args, conversation, ...handedBack }) };
}
