import { correctOutcome } from "../../operations/messages/correctOutcome.ts";
import type { ChannelItem, ChannelOutcome, MessageChannel, ReachedThere } from "../../operations/messages/messageChannel.ts";
import type { Sql } from "../../platform/database/database.ts";
import { channelName } from "../channelName.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { addErrands, announceErrands, type NewErrand } from "../outbox/errand.ts";
import { type DueOut, listBatch, withdrawBatch } from "../outbox/outStore.ts";
import { roomsIn } from "../rooms/rooms.ts";
import { findThere, type There } from "./there.ts";

/** Slack and Teams, as messages go by them. */
export function messageChannels(outside: () => ChatOutside): MessageChannel[] {
  return [...outside().services.keys()].map((name) => messageChannel(outside, name));
}

function messageChannel(outside: () => ChatOutside, name: string): MessageChannel {
  const title = channelName(name);
  return {
    name,
    title,
    rooms: (tenant, asked) => roomsIn(outside(), tenant, name, asked),
    whyNot: async (tenant, whom) => {
      const there = await findThere(outside().database.forTenant(tenant), name, whom);
      return (one) => whyNot(title, one, there(one));
    },
    send: async (tx, batch, items) => await addErrands(tx, await errandsOf(tx, name, batch, items)),
    announce: () => announceErrands(outside()),
    outcomes: async (sql, batch) => (await listBatch(sql, batch)).map(outcomeOf),
    withdraw: async (tx, batch) => await withdrawBatch(tx, batch, "It was taken back before it went."),
  };
}

function whyNot(title: string, { account, room }: ReachedThere, there: There | undefined): string | undefined {
  if (there === undefined) {
    if (room !== null) return "the app is not in this room any more";
    return account === null ? `they never wrote to us in ${title}` : `they are not linked in ${title}`;
  }
  return there.isLive ? undefined : `${there.workspace} refuses Switchboard: connect it again`;
}

/** Who can't be reached any more is left out: nothing is known of them then. */
async function errandsOf(
  tx: Sql,
  channel: string,
  { id, sender }: { id: string; sender: string },
  items: readonly ChannelItem[],
): Promise<NewErrand[]> {
  const there = await findThere(tx, channel, items);
  return items.flatMap((item): NewErrand[] => {
    const found = there(item);
    if (found === undefined) return [];
    const { installation, person, place } = found;
    return [
      {
        installation,
        key: `message:${id}:${item.position}`,
        what: { do: "post", place, drawing: { text: item.text, author: { name: sender } } },
        batch: id,
        ...(person === undefined ? {} : { person }),
        ...(item.contact === null ? {} : { contact: item.contact }),
      },
    ];
  });
}

/** What became of one of a batch that had ended, and was tried again. */
export async function tellTriedAgain(tx: Sql, { id, key, batch }: TriedAgain, state: "sent" | "unknown" | "refused", error: string | null) {
  if (batch !== null) await correctOutcome(tx, batch, outcomeOf({ id, key, state, error }));
}

type TriedAgain = Pick<DueOut, "id" | "key" | "batch">;

const stateOf: Readonly<Record<string, ChannelOutcome["state"]>> = { sent: "sent", refused: "failed", unknown: "uncertain" };

function outcomeOf({ id, key, state, error }: { id: string; key: string; state: string; error: string | null }): ChannelOutcome {
  const position = Number(key.split(":").at(-1));
  const stands = stateOf[state] ?? "waiting";
  const again = stands === "uncertain" ? ` "channel.retry ${id}" writes it once more.` : "";
  return { position, state: stands, error: stands === "failed" || stands === "uncertain" ? `${error ?? ""}${again}` : null };
}
