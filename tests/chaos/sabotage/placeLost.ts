import { endLapsedOffers as end } from "../../../src/routing/offerStore.ts";

export * from "../../../src/routing/offerStore.ts";

/** Stands in for the real one: whoever was offered to somebody in vain waits from now on. */
export const endLapsedOffers: typeof end = async (sql, which) => {
  const ended = await end(sql, which);
  await sql.query("update conversation set queued_at = now() where controller = 'queue' and id = any($1)", [
    ended.map(({ conversation }) => conversation),
  ]);
  return ended;
};
