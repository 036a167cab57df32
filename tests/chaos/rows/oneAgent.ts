import { startChat } from "../chat.ts";
import type { Agent } from "../people/agent.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 55: two people take one conversation at the same moment, at two gateways. */
export const oneAgent: Row[] = [{ number: 55, fault: "two agents take the same conversation at once", shape: "two", inject: takeAtOnce }];

/** 1,000 with the 5 rounds of a full run. */
const takesPerRound = 200;
const conversationsAtOnce = 8;

async function takeAtOnce(world: World, { rounds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: conversationsAtOnce, tabs: 4, held: 0, perSecond: 10 });
  const agents: [Agent, Agent] = [await world.agent(0), await world.agent(1)];
  for (const agent of agents) for (const { conversation } of chat.visitors) agent.watch(`conversation:${conversation}`);
  const times = Math.ceil((rounds * takesPerRound) / conversationsAtOnce);
  const outcomes = { oneWon: 0, bothWon: 0, nobodyWon: 0, notToldWho: 0 };
  const wins = new Map(agents.map((agent) => [agent.name, 0]));
  await Promise.all(
    chat.visitors.map(async ({ conversation }) => {
      for (let time = 0; time < times; time++) {
        const runs = await Promise.all(agents.map((agent) => agent.take(conversation)));
        const winners = agents.filter((_, index) => runs[index]?.state === "succeeded");
        const [winner] = winners;
        if (winner === undefined) outcomes.nobodyWon++;
        else if (winners.length > 1) outcomes.bothWon++;
        else {
          outcomes.oneWon++;
          wins.set(winner.name, (wins.get(winner.name) ?? 0) + 1);
          const other = runs.find(({ state }) => state !== "succeeded")?.error;
          if (other?.code !== "already_taken" || !other.message.includes(winner.name)) outcomes.notToldWho++;
        }
        for (const agent of winners) await agent.handBack(conversation);
      }
    }),
  );
  chat.stop();
  const total = times * conversationsAtOnce;
  return {
    injected: `${total} times two takes at once, through two gateways; ${[...wins].map(([name, count]) => `${name} won ${count}`).join(", ")}`,
    figures: outcomes,
    violations: [
      ...require(outcomes.oneWon ===
        total, `one won ${outcomes.oneWon} of ${total} times, both ${outcomes.bothWon}, nobody ${outcomes.nobodyWon}`),
      ...require(outcomes.notToldWho === 0, `${outcomes.notToldWho} times the other wasn't told who has it`),
      ...require(world.shape === "one" || Math.min(...wins.values()) > 0, "one of the two always won: they were not at once"),
    ],
  };
}
