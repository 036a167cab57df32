import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import { ConnectionPools } from "../../../src/operations/sources/connectionPools.ts";
import type { DataSource } from "../../../src/operations/sources/dataSource.ts";
import { openSource } from "../../../src/operations/sources/openSource.ts";
import { describeWithServer } from "../../fixtures/services.ts";
import { createSourceDatabase, type SourceDatabase } from "../../fixtures/sourceDatabase.ts";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** What is held when everything that nobody needs any more is gone, in bytes. */
function held(): number {
  if (typeof collect === "function") collect();
  return process.memoryUsage().heapUsed;
}

for (const [kind, setting, sql] of [
  ["postgresql", "DATABASE_URL", "select n, md5(n::text) as a, md5((n + 1)::text) as b from generate_series(1, 120000) n"],
  ["mariadb", "MARIADB_URL", "select seq, md5(seq) as a, md5(seq + 1) as b from seq_1_to_120000"],
] as const) {
  await describeWithServer(`all rows of a query on ${kind}`, setting, (url) => {
    let database: SourceDatabase;
    let source: DataSource;
    beforeAll(async () => {
      database = await createSourceDatabase(url, kind);
      source = openSource(database.settings, database.rules, new ConnectionPools());
    });
    afterAll(async () => {
      await source.close();
      await database.drop();
    });

    test("take no more memory the more there are", async () => {
      const statement = (await checkQuery(kind, sql, [], "read")).bind({}, { me: "me", team: [], tenant: "tenant" });
      const { batches } = await source.stream({ statement });
      let [rows, early, late] = [0, 0, 0];
      for await (const batch of batches) {
        const before = rows;
        rows += batch.length;
        if (before < 20_000 && rows >= 20_000) early = held();
        if (before < 110_000 && rows >= 110_000) late = held();
      }
      expect(rows).toBe(120_000);
      // All of them between the two would be 20 MB and more.
      expect(late - early).toBeLessThan(6_000_000);
    }, 60_000);
  });
}
