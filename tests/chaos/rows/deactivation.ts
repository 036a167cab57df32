import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

/** Row 53: an admin deactivates an agent who is in the middle of conversations. */
export const deactivation: Row[] = [
  { number: 53, fault: "an agent is deactivated while they answer", shape: "two", jitterMs: 3000, inject: deactivate },
];

const closedWithinMs = 1000;
const queuedWithinMs = 5000;

async function deactivate(world: World): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 6, held: 10, perSecond: 20 });
  const [agent] = chat.agents;
  if (agent === undefined) throw new Error("nobody answers");
  const theirs = chat.visitors.filter((_, index) => index < 10 && index % 2 === 0);
  // Of the other gateway than the agent's: what it decides has to reach them.
  const admin = await world.agent(2, 1);
  await pause(1000);
  const since = performance.now();
  const after = (kind: "closed" | "shown", viewer: string) =>
    world.history.events.find((event) => event.kind === kind && event.viewer === viewer && event.at > since);
  const [closedMs, queuedMs, toldMs] = await world.fault("deactivation", async () => {
    const at = performance.now();
    const run = await admin.run("agent.deactivate", { email: agent.email });
    if (run.state !== "succeeded") throw new Error(`it was refused: ${run.error?.message ?? run.state}`);
    const taken = () => performance.now() - at;
    const closed = soon(closedWithinMs + 5000, () => after("closed", agent.email) !== undefined).then(taken);
    const queued = soon(queuedWithinMs + 5000, async () => (await heldBy(world, agent.email)) === 0).then(taken);
    const told = soon(queuedWithinMs + 5000, () => theirs.every(({ name }) => isTold(world, name, since))).then(taken);
    return [await closed, await queued, await told] as const;
  });
  // It tries to come back all the while.
  await pause(4000);
  const stayedOut = !agent.open;
  const refused = await agent.get("/api/v1/commands");
  await admin.run("agent.activate", { email: agent.email });
  const back = await soon(20_000, () => agent.open);
  chat.stop();
  return {
    injected: `an admin at one gateway deactivates an agent at the other, who answers ${theirs.length} conversations`,
    figures: { closedMs, queuedMs, toldMs },
    violations: [
      ...require(closedMs <= closedWithinMs, `their socket was closed after ${Math.round(closedMs)} ms`),
      ...require(queuedMs <= queuedWithinMs, `what they held was in the queue after ${Math.round(queuedMs)} ms`),
      ...require(toldMs <= queuedWithinMs, `the customers were told after ${Math.round(toldMs)} ms`),
      ...require(stayedOut && refused === 401, `they came back: a list was answered with ${refused}`),
      ...require(back, "activated again they were not back after 20 s"),
    ],
  };
}

async function heldBy(world: World, email: string): Promise<number> {
  const [row] = await query(
    world.databaseUrl,
    "select count(*)::int as n from conversation c join account a on a.id = c.agent_id where c.controller = 'agent' and a.email = $1",
    [email],
  );
  return Number(row?.["n"]);
}

function isTold(world: World, viewer: string, since: number): boolean {
  return world.history.events.some(
    (event) => event.kind === "shown" && event.viewer === viewer && event.at > since && /front of the line/.test(event.text),
  );
}
