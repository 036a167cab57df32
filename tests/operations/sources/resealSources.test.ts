import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { deriveKeys } from "../../../src/access/keys/keys.ts";
import { openSecret, sealSecret } from "../../../src/access/keys/sealSecret.ts";
import { purposeOf, resealDataSources } from "../../../src/operations/dataSources/saveDataSources.ts";
import { openHouse } from "../../fixtures/openHouse.ts";
import { keepSecret } from "../../fixtures/secretsLeft.ts";

it("while the root key is rotated, passwords of data sources are sealed anew, and those without one are left alone", async () => {
  const [oldRoot, newRoot] = ["a root key for tests, 32 characters", "another root key, 32 characters or more"];
  const [old, rotating, after] = [deriveKeys(oldRoot), deriveKeys(newRoot, oldRoot), deriveKeys(newRoot)];
  const house = await openHouse();
  const sql = house.database.acrossTenants;
  const tenant = await house.addTenant("with-sources");
  const password = keepSecret("of their database, and of nobody else");
  // More than are read at once.
  const sources = Array.from({ length: 120 }, (_, index) => ({ id: randomUUID(), host: `db${index}.example.com`, port: 5432 }));
  for (const [index, source] of sources.entries())
    await sql.query(
      `insert into data_source (tenant_id, id, name, kind, host, port, database, user_name, password, tls, changed_by)
       values ($1, $2, $3, 'postgresql', $3, 5432, 'x', 'x', $4, true, 'x')`,
      [tenant, source.id, source.host, index === 0 ? null : sealSecret(old, purposeOf(tenant, source), password)],
    );
  const stored = () => sql.query<{ id: string; password: string | null }>("select id, password from data_source order by id");
  const before = await stored();
  await resealDataSources({ ...house, keys: after });
  expect(await stored()).toEqual(before);
  await resealDataSources({ ...house, keys: rotating });
  const sealed = await stored();
  await resealDataSources({ ...house, keys: rotating });
  expect(await stored()).toEqual(sealed);
  for (const { id, password: found } of sealed) {
    const source = sources.find((each) => each.id === id);
    if (source === undefined) throw new Error("none of ours");
    expect(found === null ? null : openSecret(after, purposeOf(tenant, source), found)).toBe(source === sources[0] ? null : password);
  }
  await house.close();
});
