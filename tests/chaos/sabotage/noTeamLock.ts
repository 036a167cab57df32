import type { lockMembers as lock, lockTeam as lockOne, teamMembers as read } from "../../../src/routing/assignStore.ts";
import { teamMembers as members } from "../../../src/routing/assignStore.ts";

export * from "../../../src/routing/assignStore.ts";

/** Stands in for the real one: several processes decide for a team at once. */
export const lockTeam: typeof lockOne = async (tx, team) => {
  const [row] = await tx.query<{ seconds: number }>(
    "select offer_seconds as seconds from team where tenant_id = $1 and key = $2 and active",
    [team],
  );
  return row && { offerSeconds: row.seconds };
};

export const lockMembers: typeof lock = async () => {};

/** What is read grows old for a moment, as on a busy database. */
export const teamMembers: typeof read = async (sql, team) => {
  const read = await members(sql, team);
  await new Promise((resolve) => setTimeout(resolve, 100));
  return read;
};
