import type { ReachedThere } from "../../operations/messages/messageChannel.ts";
import type { Sql } from "../../platform/database/database.ts";
import { aloneWithThem, type ChatPlace } from "../chatEvent.ts";
import { listPeopleThere } from "../people/personStore.ts";
import { listRooms } from "../rooms/roomStore.ts";

/** Where somebody, or a room, is reached. */
export interface There {
  installation: string;
  /** The workspace, by its name. */
  workspace: string;
  /** Whether it works. */
  isLive: boolean;
  /** Absent of a room. */
  person?: string;
  /** Its room is empty where nobody knows it yet. */
  place: ChatPlace;
}

/** Finds where these are reached in a service: somebody who is in several of its workspaces in one that works. */
export async function findThere(
  sql: Sql,
  channel: string,
  whom: readonly ReachedThere[],
): Promise<(one: ReachedThere) => There | undefined> {
  const [accounts, contacts] = [whom.flatMap(({ account }) => account ?? []), whom.flatMap(({ contact }) => contact ?? [])];
  const people = accounts.length + contacts.length === 0 ? [] : await listPeopleThere(sql, channel, { accounts, contacts });
  const found = new Map<string, There>();
  for (const { id, installation, at, state, place, account, contact } of people) {
    const there = {
      installation,
      workspace: at,
      isLive: state === "live",
      person: id,
      place: place ?? aloneWithThem,
    } as const;
    for (const whose of [account, contact]) if (whose !== null && !found.has(whose)) found.set(whose, there);
  }
  if (whom.some(({ room }) => room !== null))
    for (const { id, installation, workspace, state, place } of await listRooms(sql, channel))
      found.set(id, { installation, workspace, isLive: state === "live", place });
  return ({ account, contact, room }) => found.get(account ?? contact ?? room ?? "");
}
