import { v7 as newId } from "uuid";
import type { Bus } from "../../platform/bus/bus.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { Errand } from "./errandKind.ts";
import { insertOut } from "./outStore.ts";

export interface NewErrand {
  installation: string;
  /** Of its cause: the same once more is the same. */
  key: string;
  what: Errand;
  card?: string;
  /** Of a conversation's message. */
  said?: { conversation: string; seq: number };
}

/** Writes an errand down, in the transaction of its cause; `announceErrands` after the commit hurries it. Answers whether it is new. */
export async function addErrand(sql: Sql, { installation, key, what, card, said }: NewErrand): Promise<boolean> {
  return await insertOut(sql, {
    id: newId(),
    installation,
    key,
    lane: laneOf(what.place),
    what,
    card: card ?? null,
    conversation: said?.conversation ?? null,
    seq: said?.seq ?? null,
  });
}

export const dueSubject = "channels.due";

export function announceErrands({ bus }: { bus: Pick<Bus, "publish"> }): void {
  bus.publish(dueSubject, {});
}

/** What goes to one thread keeps its order; threads don't wait for each other. */
function laneOf({ room, thread }: ChatPlace): string {
  return thread === undefined ? room : `${room} ${thread}`;
}
