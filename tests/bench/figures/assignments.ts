import { assignedSchema } from "../parts/assigner.ts";
import type { Measurement } from "./figure.ts";

const target = 1000;
const usual = { agents: 200, teams: 20, queued: 5000, capacity: 5 };

/** How it grows: the same team twice as large, ten times the queue, a tenth of all. */
const others = [
  { agents: 20, teams: 2, queued: 500, capacity: 5 },
  { agents: 400, teams: 20, queued: 5000, capacity: 5 },
  { agents: 200, teams: 20, queued: 50_000, capacity: 5 },
  { agents: 200, teams: 20, queued: 5000, capacity: 25 },
];

/** Offers a second, each checked: nobody above their capacity, none twice, each with who was considered. */
export const assignments: Measurement = {
  name: "assignments",
  measure: async (workplace) => {
    const databaseUrl = await workplace.migratedDatabase();
    const seconds = Math.min(workplace.seconds, 3);
    const measured = async (ground: typeof usual) =>
      (await workplace.part("assigner").ask({ databaseUrl, ...ground, seconds }, assignedSchema)).perSecond;
    const value = await measured(usual);
    const grown: string[] = [];
    for (const ground of others) {
      const { agents, teams, queued, capacity } = ground;
      grown.push(`${agents} agents x ${capacity}, ${teams} teams, ${queued} queued: ${Math.round(await measured(ground))}/s`);
    }
    return [
      {
        figure: "assignments",
        value,
        unit: "offers/s",
        beside: target,
        ratio: value / target,
        target: 1,
        met: value >= target,
        note: `${usual.agents} agents x ${usual.capacity}, ${usual.teams} teams, ${usual.queued} queued, one process; ${grown.join("; ")}`,
      },
    ];
  },
};
