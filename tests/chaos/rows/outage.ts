import { startChat } from "../chat.ts";
import { firstAckAfter, refusalDelays } from "../history/delays.ts";
import { quantile } from "../history/prompt.ts";
import { isReady } from "../processes/isReady.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

export interface Outage {
  /** Statements that only read are answered all the while. */
  staysReady?: boolean;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** From the statement's deadline of 5 s to the page. */
const refusedWithinMs = 5500;
const recoveredWithinMs = 5000;

/** People talk while the database takes nothing: each is told in time, and all goes on by itself afterwards. */
export async function outage(world: World, { seconds }: Scale, what: string, { begin, end, staysReady }: Outage): Promise<Findings> {
  const chat =
    world.visitors.length === 0
      ? await startChat(world, { visitors: 20, tabs: 5, held: 6, perSecond: 20 })
      : { say: sayMore(world), stop: () => {} };
  const { port } = world.product("a");
  await pause(1000);
  const [begunAt, endedAt, unready] = await world.fault(what, async () => {
    const at = performance.now();
    await begin();
    const talking = setInterval(() => chat.say(), 50);
    const unready = staysReady === true || (await soon(8000, async () => !(await isReady(port)), 100));
    await pause(Math.max(0, seconds * 1000 - (performance.now() - at)));
    clearInterval(talking);
    await end();
    return [at, performance.now(), unready] as const;
  });
  const ackedAgain = await soon(15_000, () => firstAckAfter(world.history.events, endedAt) < Number.POSITIVE_INFINITY);
  const readyAgain = await soon(10_000, () => isReady(port), 50);
  await pause(1000);
  chat.stop();
  const refusals = refusalDelays(world.history.events, begunAt, endedAt);
  const recoveredMs = ackedAgain ? firstAckAfter(world.history.events, endedAt) : 15_000;
  const worstRefusalMs = refusals.at(-1) ?? 0;
  return {
    injected: `${what} for ${((endedAt - begunAt) / 1000).toFixed(1)} s, ${refusals.length} messages refused`,
    figures: { refusalP50Ms: quantile(refusals, 0.5), worstRefusalMs, recoveredMs },
    violations: [
      ...require(refusals.length > 0, `${what}: nobody was told that a message isn't saved`),
      ...require(worstRefusalMs <=
        refusedWithinMs, `${what}: a page was told after ${Math.round(worstRefusalMs)} ms that its message isn't saved`),
      ...require(unready, `${what}: it stayed ready`),
      ...require(recoveredMs <= recoveredWithinMs, `${what}: the first ack came ${Math.round(recoveredMs)} ms after the end`),
      ...require(readyAgain, `${what}: it is not ready again after 10 s`),
    ],
  };
}

let more = 0;

function sayMore(world: World): () => void {
  return () => world.visitors[Math.floor(world.random() * world.visitors.length)]?.say(`reverse ${++more} once more`);
}
