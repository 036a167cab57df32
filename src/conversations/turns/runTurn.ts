import type { Keys } from "../../access/keys/keys.ts";
import { checkArguments } from "../../commands/arguments.ts";
import type { Command, CommandMessage } from "../../commands/command.ts";
import type { Execution } from "../../commands/execute.ts";
import { askConfirmation, confirmationMs, needsConfirmation, takeConfirmed } from "../../commands/plans/confirmation.ts";
import { fingerprint } from "../../commands/plans/fingerprint.ts";
import type { Registry } from "../../commands/registry.ts";
import { executeAudited } from "../../commands/runs/executeAudited.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type Control, type ConversationRef, keys, type NewMessage } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import type { InboxDirectory } from "../inboxes/inboxes.ts";
import { type Recording, record } from "../ledger/record.ts";
import { addSystemNote } from "../notes/notes.ts";
import { languageOf, sentencesIn } from "../sentences/sentences.ts";
import * as say from "./answerText.ts";
import type { Asked } from "./askEarly.ts";
import { argumentsOf, decideTurn, lineOf, mostAttempts, type TurnDecision } from "./decideTurn.ts";
import type { HandedBackTo } from "./handedBack.ts";
import { acquitTurn, buryTurn, failTurn, type Turn } from "./turnStore.ts";

export interface Turning extends Recording, Pick<Platform, "database" | "bus" | "clock" | "log"> {
  registry: Registry;
  keys: Keys;
  inboxes: InboxDirectory;
  /** This process, as the holder of leases. */
  holder: string;
  /** Whether an automation of this name was there a while ago. */
  away: (name: string) => boolean;
  /** Keeps what was written while nobody is there for a person, under this key; false where somebody is there. */
  keepForPerson: (turn: Turn, key: string) => Promise<boolean>;
  handedBackTo: HandedBackTo;
  /** Looks for automations now; awaited before a name is called unknown. */
  lookAgain: () => Promise<void>;
}

/** Said nothing for so long, a command is said to be still working; and given up after so long. */
export const stillWorkingAfterMs = 2500;
export const giveUpAfterMs = 60_000;

/** A turn as this process works on it, from when it was taken until it ended or went to another process. */
export interface TurnRun {
  readonly turn: Turn;
  /** What was asked before the message was written. */
  early: Promise<Asked | undefined> | undefined;
  /** Whether it came here to what it leads to: its command may have been asked. */
  begun: boolean;
  /** What is to be written, where it is known and could not be written yet. */
  answer: NewMessage[] | undefined;
  /** On the monotonic clock. */
  readonly beganMs: number;
}

export function newRun({ clock }: Pick<Platform, "clock">, turn: Turn, early?: Promise<Asked | undefined>): TurnRun {
  return { turn, early, begun: false, answer: undefined, beganMs: clock.monotonic() };
}

/**
 * Answers one turn that this process holds. Never throws. `interrupted`: the database was away, which is not the turn's fault, and the same run
 * goes on when it is back. What fails otherwise is counted, and left to whoever comes first after a pause.
 */
export async function runTurn(deps: Turning, run: TurnRun): Promise<"over" | "interrupted"> {
  const { conversation, seq, attempts } = run.turn;
  try {
    await runOnce(deps, run);
    return "over";
  } catch (error) {
    const outage = isOutage(error);
    const what = outage ? "turn interrupted, it goes on when the database is back" : "turn failed, it will be taken again";
    deps.log.warn({ conversation: conversation.id, seq, attempts, error: describe(error) }, what);
    const counted =
      !outage &&
      (await failTurn(deps.database.acrossTenants, deps.holder, run.turn).then(
        () => true,
        () => false,
      ));
    if (counted) return "over";
    run.early = undefined;
    return "interrupted";
  }
}

async function runOnce(deps: Turning, run: TurnRun): Promise<void> {
  const { turn } = run;
  if (turn.attempts >= mostAttempts) return await bury(deps, turn);
  if (run.answer === undefined) {
    const decision = await decide(deps, run);
    if (decision.do === "nothing") return await endSilently(deps, turn);
    run.begun = true;
    const messages = await answerOf(deps, run, decision);
    run.answer = messages.map((message, index) => toMessage(turn, decision, message, `${index}`));
  }
  await answer(deps, turn, turn.control, run.answer);
}

/** What may be otherwise a moment later; an `unavailable` that names no time (no mail server is set) is an answer like any other. */
function isOutage(error: unknown): boolean {
  return error instanceof Refusal && error.code === "unavailable" && error.retryAfterMs !== undefined;
}

async function decide(deps: Turning, { turn, begun }: TurnRun): Promise<TurnDecision> {
  const inbox = await deps.inboxes.byId(turn.conversation.tenant, turn.inbox);
  const may = (command: Command) => command.audience === "visitor" && inbox.publishes(command);
  const question = { line: lineOf(turn), control: turn.control, begunBefore: begun || turn.attempts > 0 };
  const { tenant } = turn.conversation;
  await deps.registry.load(tenant);
  const known = { registry: deps.registry.of(tenant), may, away: deps.away };
  const first = decideTurn(question, known);
  if (first.do !== "lost" && first.do !== "suggest" && first.do !== "away") return first;
  // An automation may have appeared since the last look.
  await deps.lookAgain();
  return decideTurn(question, { ...known, registry: deps.registry.of(tenant) });
}

async function answerOf(deps: Turning, run: TurnRun, decision: Exclude<TurnDecision, { do: "nothing" }>): Promise<CommandMessage[]> {
  const { turn } = run;
  switch (decision.do) {
    case "run":
      return await runCommand(deps, run, decision);
    case "confirm":
      return await runConfirmed(deps, run, decision.code);
    case "uncertain":
      return [say.uncertain(sentencesIn(turn.locale), decision.command, decision.line)];
    case "suggest":
      return [say.suggestion(sentencesIn(turn.locale), decision.written, decision.command, decision.line)];
    case "away":
      return [say.away(sentencesIn(turn.locale), decision.name)];
    case "lost":
      if (await deps.keepForPerson(turn, keys.answer(turn.seq, "kept"))) return [];
      return [
        decision.written === "" && turn.blocks?.some(({ type }) => type === "file") === true
          ? say.onlyFiles(sentencesIn(turn.locale))
          : say.lost(sentencesIn(turn.locale), decision.written),
      ];
  }
}

async function runCommand(deps: Turning, run: TurnRun, { command, line }: { command: Command; line: string }): Promise<CommandMessage[]> {
  const { turn } = run;
  const asked = await run.early;
  return await told(deps, run, command, async () => {
    if (asked?.command.name === command.name && asked.line === line) return (await asked.result).messages;
    const args = argumentsOf(turn, command, line);
    if (needsConfirmation(command, args)) return [await askFirst(deps, turn, command, args)];
    return await runFor(deps, turn, { command, args });
  });
}

/** Nothing happens before the visitor says once more that they mean it. */
async function askFirst(deps: Turning, turn: Turn, command: Command, given: Readonly<Record<string, unknown>>): Promise<CommandMessage> {
  const { tenant, id: conversation } = turn.conversation;
  const outside = { sql: deps.database.forTenant(tenant), nowMs: deps.clock.now() };
  const args = checkArguments(command.args, given);
  const requestHash = fingerprint(deps.keys, command, args);
  const { code } = await askConfirmation(outside, { conversation }, { command, requestHash, args });
  return say.confirmFirst(sentencesIn(turn.locale), command, code, confirmationMs / 1000);
}

async function runConfirmed(deps: Turning, run: TurnRun, code: string): Promise<CommandMessage[]> {
  const { turn } = run;
  const { tenant, id: conversation } = turn.conversation;
  const sentences = sentencesIn(turn.locale);
  const outside = { sql: deps.database.forTenant(tenant), nowMs: deps.clock.now() };
  const confirmed = await takeConfirmed(outside, { conversation }, { code, run: runOf(turn) });
  const command = confirmed && deps.registry.of(tenant).find("again" in confirmed ? confirmed.again : confirmed.command);
  const inbox = await deps.inboxes.byId(tenant, turn.inbox);
  if (confirmed === undefined || command === undefined || !inbox.publishes(command)) return [say.confirmationOver(sentences)];
  // The process that ran it died: it may have been done.
  if ("again" in confirmed) return [say.uncertain(sentences, command, "")];
  const { args } = confirmed;
  return await told(deps, run, command, () => runFor(deps, turn, { command, args, confirmed: true }));
}

async function runFor(deps: Turning, turn: Turn, asked: Pick<Execution, "command" | "args" | "confirmed">): Promise<CommandMessage[]> {
  const { tenant, id: conversation } = turn.conversation;
  const { inbox, contact, locale } = turn;
  const principal = { kind: "visitor", tenant, inbox, contact, conversation, ...(locale === null ? {} : { locale }) } as const;
  const handedBack = await deps.handedBackTo(turn.conversation, turn.control, asked.command);
  return (await executeAudited(deps, { ...asked, principal, run: runOf(turn), conversation, ...handedBack })).messages;
}

function runOf({ conversation, seq }: Turn): string {
  return `${conversation.id}:${seq}`;
}

/** What the work answers, or why it was refused; meanwhile that it goes on. */
async function told(deps: Turning, run: TurnRun, command: Command, work: () => Promise<CommandMessage[]>): Promise<CommandMessage[]> {
  const { turn } = run;
  const quiet = watchSilence(deps, turn, command);
  try {
    return await withDeadline(deps, work());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const late = deps.clock.monotonic() - run.beganMs >= giveUpAfterMs;
    if (isOutage(error) && !late) throw error;
    if (isOutage(error) || error.code === "automation_timeout")
      return [say.gaveUp(sentencesIn(turn.locale), command, giveUpAfterMs / 1000)];
    if (error.code === "automation_away") return [say.away(sentencesIn(turn.locale), command.name)];
    return [say.refused(sentencesIn(turn.locale), command, error, languageOf(turn.locale))];
  } finally {
    await quiet();
  }
}

/** Shows that the bot works, and says so in words when it takes long; the answer ends it. */
function watchSilence(deps: Turning, turn: Turn, command: Command): () => Promise<void> {
  const typing = (on: boolean) =>
    publishConversationEvent(deps, turn.conversation.tenant, {
      kind: "typing",
      conversation: turn.conversation.id,
      author: { kind: "bot", name: say.botName },
      authorId: "bot",
      on,
    });
  let said: Promise<void> | undefined;
  const stopTyping = deps.clock.after(400, () => typing(true));
  const stopSaying = deps.clock.after(stillWorkingAfterMs, () => {
    const message = toMessage(turn, { do: "run", command, line: "" }, say.stillWorking(sentencesIn(turn.locale), command), "working");
    said = record(deps, { conversation: turn.conversation, messages: [message], fence: { generation: turn.control.generation } }).then(
      () => typing(true),
      (error) => deps.log.warn({ conversation: turn.conversation.id, error: describe(error) }, "could not say that it takes long"),
    );
  });
  return async () => {
    stopTyping();
    stopSaying();
    await said;
  };
}

function withDeadline<Result>({ clock }: Pick<Platform, "clock">, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(giveUpAfterMs, () => reject(new Refusal("automation_timeout", "It did not answer in time.")));
    work.then(resolve, reject).finally(cancel);
  });
}

/**
 * Writes the answer if the conversation is still controlled as the turn saw it. Where it moved to the queue meanwhile, the answer still comes;
 * where a person took over, the visitor hears only them, and the answer becomes a note for them.
 */
async function answer(deps: Turning, turn: Turn, control: Control, messages: NewMessage[]): Promise<void> {
  const outcome = await record(deps, {
    conversation: turn.conversation,
    messages,
    fence: { generation: control.generation },
    turn: { ends: turn.seq, holder: deps.holder },
  });
  if (outcome.kind === "committed") return;
  if (outcome.kind === "known") return await endSilently(deps, turn);
  const now = await findControl(deps.database.forTenant(turn.conversation.tenant), turn.conversation.id);
  if (now === undefined) return;
  // The lease went to another process, which answers; that this one was taken for dead is no fault of the turn.
  if (now.generation === control.generation) return await acquitTurn(deps.database.acrossTenants, deps.holder, turn);
  if (now.controller !== "agent") return await answer(deps, turn, now, messages);
  for (const message of messages)
    await addSystemNote(deps, turn.conversation, `${message.key}:note`, `The assistant would have answered: ${message.text}`);
  await endSilently(deps, turn);
}

async function endSilently(deps: Recording & { holder: string }, turn: { conversation: ConversationRef; seq: number }): Promise<void> {
  await deps.ledger.commit({ conversation: turn.conversation, messages: [], turn: { ends: turn.seq, holder: deps.holder } });
}

/** The visitor is told before the turn is put aside: whoever dies in between tells them again, under the same key. */
async function bury(deps: Turning, turn: Turn): Promise<void> {
  if (turn.control.controller === "agent") return await endSilently(deps, turn);
  const reason = `failed ${turn.attempts} times`;
  await record(deps, {
    conversation: turn.conversation,
    messages: [{ key: keys.answer(turn.seq, "dead"), ...say.saidByBot(say.failed(sentencesIn(turn.locale))) }],
    fence: { generation: turn.control.generation },
  });
  await addSystemNote(
    deps,
    turn.conversation,
    keys.answer(turn.seq, "dead"),
    `The assistant could not answer message ${turn.seq}: ${reason}.`,
  );
  await buryTurn(deps.database.acrossTenants, deps.holder, turn, reason);
  deps.log.error({ conversation: turn.conversation.id, seq: turn.seq }, "turn put aside after too many tries");
}

function toMessage(turn: Turn, decision: TurnDecision, message: CommandMessage, step: string): NewMessage {
  return { key: keys.answer(turn.seq, step), ...say.saidByBot(message, decision.do === "run" ? decision.command : undefined) };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : "unknown";
}
