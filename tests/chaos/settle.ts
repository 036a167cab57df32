import type { Recorded } from "./history/history.ts";
import { sinceRestore } from "./history/sinceRestore.ts";
import { query } from "./processes/postgres.ts";
import { soon } from "./processes/until.ts";
import { routingRests } from "./routing/readRouting.ts";
import type { World } from "./world.ts";

/** Longer than I9 allows, so that what is late is seen to be late and not lost. */
const longestMs = 40_000;

/** Waits until nothing waits any more, and records it; without that record the checker reports I9. */
export async function settle(world: World, withinMs = longestMs): Promise<void> {
  if (await soon(withinMs, () => isSettled(world), 100)) world.history.record({ kind: "settled" });
}

async function isSettled(world: World): Promise<boolean> {
  const people = [...world.visitors, ...world.agents];
  if (people.some((person) => person.waiting > 0)) return false;
  const live = livingViewers(sinceRestore(world.history.events));
  const [row] = await query(
    world.databaseUrl,
    `select (select count(*)::int from turn where dead_reason is null) as turns,
       coalesce((select json_object_agg(id, json_build_array(last_seq, controller, agent_name)) from conversation where id = any($1::uuid[])), '{}') as conversations`,
    [[...new Set(live.map(({ conversation }) => conversation))]],
  );
  if (row?.["turns"] !== 0) return false;
  if (world.keepsTrail && (await query(world.databaseUrl, routingRests))[0]?.["rests"] !== true) return false;
  const conversations = new Map(Object.entries(Object(row["conversations"])));
  return live.every(({ conversation, seen, controller, agent }) => {
    const now: unknown = conversations.get(conversation);
    return Array.isArray(now) && now[0] === seen && (controller === undefined || (now[1] === controller && now[2] === agent));
  });
}

interface Living {
  conversation: string;
  seen: number;
  controller: string | undefined;
  agent: string | null;
}

/** Who looks at what now, how many messages each has, and whom it believes to be in control. */
function livingViewers(history: readonly Recorded[]): Living[] {
  const viewers = new Map<string, Living & { seqs: Set<number>; live: boolean }>();
  for (const event of history) {
    if (!("viewer" in event) || !("conversation" in event)) continue;
    const id = `${event.viewer} ${event.conversation}`;
    let viewer = viewers.get(id);
    if (viewer === undefined) {
      viewer = { conversation: event.conversation, seen: 0, controller: undefined, agent: null, seqs: new Set(), live: false };
      viewers.set(id, viewer);
    }
    if (event.kind === "opened") viewer.live = true;
    if (event.kind === "closed" || event.kind === "left") viewer.live = false;
    if (event.kind === "shown" || (event.kind === "acked" && event.shows)) viewer.seqs.add(event.seq);
    if (event.kind === "state") Object.assign(viewer, { controller: event.controller, agent: event.agent });
  }
  return [...viewers.values()].filter(({ live }) => live).map((viewer) => ({ ...viewer, seen: viewer.seqs.size }));
}
