import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Control, ConversationRef } from "../conversation.ts";
import { findControl } from "../conversationStore.ts";
import { publishConversationEvent } from "../events.ts";
import { addSystemNote } from "../notes/notes.ts";
import { dueSnoozes, endSnooze, findTenantClock, saveSnooze } from "./asideStore.ts";
import { type Controlling, changeControl, giveBack } from "./changeControl.ts";
import { readInstant } from "./readInstant.ts";

export interface Snoozing extends Controlling, Pick<Platform, "clock"> {
  /** Why this colleague isn't at the desk, as it is told after their name; undefined where they are. */
  whyAbsent: (tenant: string, account: string) => Promise<string | undefined>;
}

const longestMs = 366 * 86_400_000;

/** When a snooze ends that is written so. Refusal `invalid_value` where it can't be read, is past, or more than a year away. */
export function snoozeEnd(text: string, clock: { now: number; timeZone: string; language: string }): number {
  const wrong = (message: string) => new Refusal("invalid_value", message, { path: "args.until" });
  const at = readInstant(text, clock);
  if (at === undefined) throw wrong(`"${text.slice(0, 60)}" is no time that can be read; write "tomorrow 9:00" or "in 2 hours".`);
  if (at <= clock.now) throw wrong("This time has passed; give one that lies ahead.");
  if (at - clock.now > longestMs) throw wrong("A snooze ends within a year; give an earlier time.");
  return at;
}

/**
 * Takes a conversation out of the lists until a time, or until its visitor writes. It stays in the hands of whoever answers it.
 * Refusals: `invalid_value`, `not_found`, `conflict` where it is closed, `not_your_conversation`.
 */
export async function snooze(
  deps: Snoozing,
  agent: AccountPrincipal,
  conversation: ConversationRef,
  text: string,
  run: string,
): Promise<Date> {
  const sql = deps.database.forTenant(conversation.tenant);
  const { timeZone, language } = await findTenantClock(sql);
  const until = new Date(snoozeEnd(text, { now: deps.clock.now(), timeZone, language }));
  if (!(await saveSnooze(sql, conversation.id, agent.account, until))) throw cantSnooze(await findControl(sql, conversation.id));
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  await addSystemNote(deps, conversation, `r:${run}`, `${agent.name} snoozed it until ${inWords(until, timeZone)}.`);
  return until;
}

function cantSnooze(control: Control | undefined): Refusal {
  if (control === undefined) return new Refusal("not_found", "There is no such conversation.");
  if (!control.open) return new Refusal("conflict", "A closed conversation can't be snoozed; reopen it first.");
  const who =
    control.agent === null ? "Take the conversation first; then it comes back to you" : `${control.agent.name} answers this conversation`;
  return new Refusal("not_your_conversation", `${who}.`);
}

/** Ends a snooze before its time. Refusals: `not_found`, `conflict` where it isn't snoozed. */
export async function wake(deps: Snoozing, conversation: ConversationRef): Promise<void> {
  const sql = deps.database.forTenant(conversation.tenant);
  const woken = await endSnooze(sql, conversation.id, "any");
  if (woken === undefined) {
    if ((await findControl(sql, conversation.id)) === undefined) throw new Refusal("not_found", "There is no such conversation.");
    throw new Refusal("conflict", "This conversation is not snoozed.");
  }
  await comeBack(deps, conversation, woken.agent);
}

/** Wakes those whose time has come or whose visitor wrote. Any number of processes may do it: each is woken by one. */
export async function wakeDue(deps: Snoozing): Promise<void> {
  for (const conversation of await dueSnoozes(deps.database.acrossTenants, 200)) {
    const woken = await endSnooze(deps.database.forTenant(conversation.tenant), conversation.id, "due");
    if (woken === undefined) continue;
    await comeBack(deps, conversation, woken.agent);
    const why = woken.visitorWrote ? "The customer wrote: it is no longer snoozed." : "Its time has come: it is no longer snoozed.";
    await addSystemNote(deps, conversation, `woken:${deps.clock.now()}`, why);
  }
}

/** To whoever held it; where they are away, to the front of the queue. */
async function comeBack(deps: Snoozing, conversation: ConversationRef, agent: string | null): Promise<void> {
  publishConversationEvent(deps, conversation.tenant, { kind: "setAside", conversation: conversation.id });
  if (agent === null) return;
  const why = await deps.whyAbsent(conversation.tenant, agent);
  if (why !== undefined) await changeControl(deps, conversation, giveBack(agent, why));
}

function inWords(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "medium", timeStyle: "short" }).format(at);
}
