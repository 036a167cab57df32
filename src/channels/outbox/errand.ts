import { v7 as newId } from "uuid";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { Errand } from "./errandKind.ts";
import { insertOuts, type NewOut } from "./outStore.ts";

export interface NewErrand {
  installation: string;
  /** Of its cause: the same once more is the same. */
  key: string;
  what: Errand;
  card?: string;
  /** Of a conversation's message. */
  said?: { conversation: string; seq: number };
  /** Whom it is for, of one without a card; they may be somewhere that nobody knows yet. */
  person?: string;
  contact?: string;
  /** Of a message to many: it waits for what somebody waits for. */
  batch?: string;
}

/** Writes an errand down, in the transaction of its cause; `announceErrands` after the commit hurries it. Answers whether it is new. */
export async function addErrand(sql: Sql, errand: NewErrand): Promise<boolean> {
  return (await insertOuts(sql, [newOut(errand)])) > 0;
}

const atOnce = 500;

/** The same of many. */
export async function addErrands(sql: Sql, errands: readonly NewErrand[]): Promise<void> {
  for (let from = 0; from < errands.length; from += atOnce) await insertOuts(sql, errands.slice(from, from + atOnce).map(newOut));
}

function newOut({ installation, key, what, card, said, person, contact, batch }: NewErrand): NewOut {
  return {
    id: newId(),
    installation,
    key,
    lane: laneOf(what.place, person),
    what,
    card: card ?? null,
    conversation: said?.conversation ?? null,
    seq: said?.seq ?? null,
    person: person ?? null,
    contact: contact ?? null,
    batch: batch ?? null,
  };
}

export const dueSubject = "channels.due";

export function announceErrands({ bus }: { bus: Pick<Bus, "publish"> }): void {
  bus.publish(dueSubject, {});
}

/** What goes to one thread keeps its order; threads don't wait for each other. */
function laneOf({ room, thread }: ChatPlace, person: string | undefined): string {
  if (room === "" && person !== undefined) return `person ${person}`;
  return thread === undefined ? room : `${room} ${thread}`;
}
