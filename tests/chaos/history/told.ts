import { answersOf } from "./answers.ts";
import type { LedgerState, Recorded } from "./history.ts";
import { faultsOf } from "./prompt.ts";
import type { Violation } from "./violation.ts";

/** I8: whoever sends hears within 3 s that it is sent, waits or failed, and from the bot that it answers or still works. */
const silenceMs = 3000;
/** The recorder shares two cores with everything that it records. */
const allowanceMs = 750;

export interface Told {
  violations: Violation[];
  worstSilenceMs: number;
  /** From the ack to the bot's first word. */
  worstAnswerMs: number;
}

export function told(history: readonly Recorded[], ledger: LedgerState): Told {
  const senders = senderSilences(history);
  const answers = botSilences(history, ledger);
  const violations = [...senders, ...answers].flatMap(({ ms, what }): Violation[] =>
    ms > silenceMs + allowanceMs ? [{ invariant: "I8", what: `${what} for ${Math.round(ms)} ms` }] : [],
  );
  const worst = (silences: { ms: number }[]) => silences.reduce((most, { ms }) => Math.max(most, ms), 0);
  return { violations, worstSilenceMs: worst(senders), worstAnswerMs: worst(answers) };
}

/** A page whose connection is lost shows at once that its messages wait. */
function senderSilences(history: readonly Recorded[]): { ms: number; what: string }[] {
  const silent = new Map<string, { sentAt: number; viewer: string; conversation: string }>();
  const silences: { ms: number; what: string }[] = [];
  const naps = history.filter((event) => event.kind === "asleep");
  const asleepWithin = (from: number, to: number) =>
    naps.reduce((sum, { at, ms }) => sum + Math.max(0, Math.min(at, to) - Math.max(at - ms, from)), 0);
  const end = (clientId: string, at: number) => {
    const sent = silent.get(clientId);
    if (sent === undefined) return;
    silent.delete(clientId);
    silences.push({
      ms: at - sent.sentAt - asleepWithin(sent.sentAt, at),
      what: `${sent.viewer} heard nothing of ${clientId} in ${sent.conversation}`,
    });
  };
  for (const event of history) {
    if (event.kind === "sent") silent.set(event.clientId, { sentAt: event.at, viewer: event.viewer, conversation: event.conversation });
    else if (event.kind === "acked" || event.kind === "told") end(event.clientId, event.at);
    else if (event.kind === "closed") for (const [clientId, { viewer }] of silent) if (viewer === event.viewer) end(clientId, event.at);
  }
  const last = history.at(-1)?.at ?? 0;
  for (const clientId of [...silent.keys()]) end(clientId, last);
  return silences;
}

/** Without a fault in the way: with one, the answer is owed by I6 and I9. */
function botSilences(history: readonly Recorded[], ledger: LedgerState): { ms: number; what: string }[] {
  const faults = faultsOf(history);
  const answers = answersOf(ledger);
  const shownAt = new Map(
    history.flatMap((event) => (event.kind === "shown" ? [[`${event.viewer} ${event.conversation} ${event.seq}`, event.at] as const] : [])),
  );
  return history.flatMap((event) => {
    if (event.kind !== "acked") return [];
    const word = answers.get(`${event.conversation} ${event.seq}`)?.firstSeq;
    const at = word === undefined ? undefined : shownAt.get(`${event.viewer} ${event.conversation} ${word}`);
    if (at === undefined || faults.some((fault) => fault.begunAt <= at && fault.endedAt + 5000 >= event.at)) return [];
    return [{ ms: at - event.at, what: `${event.viewer} heard no answer to ${event.seq} of ${event.conversation}` }];
  });
}
