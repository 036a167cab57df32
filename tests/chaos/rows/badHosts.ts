import { startChat } from "../chat.ts";
import { effectsOnce } from "../history/effects.ts";
import { type Host, misbehaviours, openHost } from "../operations/host.ts";
import { answerOf } from "../operations/office.ts";
import { operationsEnd, outcomesOf } from "../operations/outcomes.ts";
import { openBoth, withShop } from "../operations/shops.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

const hosts = new Map<string, Host>();

/** Row 45: hosts that drip, never end, unpack to 200 MB, lead in circles, say nothing, or do it and hang up. */
export const badHosts: Row[] = [
  withShop({ number: 45, fault: "hosts that API calls get nothing good from", shape: "one", inject: misbehave }, async (folder) => {
    const host = await openHost();
    hosts.set(folder, host);
    return `127.0.0.1:${host.port}`;
  }),
];

/** Its deadline is 10 s. */
const endedWithinMs = 13_000;
const payments = 6;

async function misbehave(world: World): Promise<Findings> {
  const host = hosts.get(world.dataDir);
  if (host === undefined) throw new Error("there is no host");
  world.afterwards(async () => host.end());
  const { shop, office } = await openBoth(world);
  const at = `http://127.0.0.1:${host.port}`;
  const call = (name: string, request: object, parameters: object[] = []) =>
    office.make({ name, kind: "request", summary: "Asks a host.", parameters, request });
  const paths = Object.keys(misbehaviours);
  for (const path of paths) await call(`get-${path.slice(1)}`, { method: "GET", url: `${at}${path}` });
  const marker = [{ name: "marker", type: "text", required: true }];
  await call("post-it", { method: "POST", url: `${at}/pay`, body: { marker: "{{marker}}" } }, marker);
  const chat = await startChat(world, { visitors: 8, tabs: 0, held: 0, perSecond: 10 });
  const { answers, longestMs } = await world.fault("bad hosts", async () => {
    const begunAt = performance.now();
    const got = paths.map((path) => office.run(`get-${path.slice(1)}`, {}));
    const posted = Array.from({ length: payments }, (_, n) => office.run("post-it", { marker: `post-${n}` }));
    const [answers] = await Promise.all([Promise.all(got), Promise.all(posted)]);
    return { answers, longestMs: performance.now() - begunAt };
  });
  chat.stop();
  await operationsEnd(world);
  const told = answers.map((answer, index) => ({ path: paths[index] ?? "", ...answerOf(answer) }));
  const fine = ["/nothing"];
  const silent = told.filter(({ path, state, error }) => !fine.includes(path) && (state === "succeeded" || error === ""));
  const { runs, count } = await outcomesOf(world, shop);
  const posts = runs.filter(({ command }) => command === "post-it");
  return {
    injected: `${paths.length} answers that are no good, and ${payments} calls that were done and hung up on`,
    figures: { longestMs, uncertain: count("uncertain"), failed: count("failed") },
    violations: [
      ...effectsOnce(posts, host.posted, (run) => [run.marker]),
      ...require(posts.every(
        ({ state, effects }) => state === "uncertain" && effects.some(({ check }) => check.includes("127.0.0.1")),
      ), `what was hung up on is ${posts.map(({ state }) => state).join(", ")}`),
      ...silent.flatMap(({ path, state }) => require(false, `${path} was answered by ${state}, without a word`)),
      ...require(longestMs <= endedWithinMs, `the last ended after ${Math.round(longestMs)} ms`),
    ],
  };
}
