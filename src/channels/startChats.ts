import { addSystemNote } from "../conversations/notes/notes.ts";
import { every } from "../platform/clock/clock.ts";
import { startDrawing } from "./cards/drawAnew.ts";
import type { OpenChannel } from "./channel.ts";
import type { ChatOutside } from "./chatOutside.ts";
import { deleteOldOffers } from "./offers/offeredFileStore.ts";
import { offeredHours } from "./offers/offeredFiles.ts";
import { deleteOldOut } from "./outbox/outStore.ts";
import { startErrands } from "./outbox/runErrands.ts";
import { startFollowing } from "./threads/follow.ts";

const forgetEveryMs = 10 * 60_000;
const keptDays = 90;

/** What goes on for Slack and Teams by itself, in any number of processes. The answer stops it. */
export function startChats(outside: ChatOutside, channels: readonly OpenChannel[]): () => Promise<void> {
  const { database, clock, log } = outside;
  const stopErrands = startErrands({
    ...outside,
    missed: async ({ tenant, conversation, id }, why) => {
      log.warn({ out: id, why }, "what was to be written to a channel is not there, or perhaps not");
      if (conversation === null) return;
      const text = `${why} "channel.retry ${id}" writes it once more.`;
      await addSystemNote(outside, { tenant, id: conversation }, `out:${id}:${clock.now()}`, text);
    },
  });
  const stops = [
    startFollowing(outside),
    startDrawing(outside),
    every(
      clock,
      forgetEveryMs,
      async () => {
        await deleteOldOut(database.acrossTenants, keptDays);
        await deleteOldOffers(database.acrossTenants, offeredHours);
      },
      (error) => log.warn({ error }, "what was written to channels long ago could not be forgotten"),
    ),
  ];
  const closes = channels.flatMap(({ start }) => (start === undefined ? [] : [start()]));
  return async () => {
    for (const stop of stops) stop();
    await Promise.all([stopErrands(), ...closes.map((close) => close())]);
  };
}
