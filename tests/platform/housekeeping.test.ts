import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { createMovableClock } from "../fixtures/movableClock.ts";
import { openProduct } from "../fixtures/product.ts";

it("the product's housekeeping fails at nothing: it comes to its end, and again ten minutes later", async () => {
  const clock = createMovableClock(Date.now());
  const product = await openProduct({ clock });
  const sql = product.database.acrossTenants;
  const forgets = async () => {
    const id = randomUUID();
    await sql.query(
      `insert into job (tenant_id, id, kind, data, state, due_at, ended_at)
       values ($1, $2, 'test.old', '{}', 'done', now() - interval '8 days', now() - interval '8 days')`,
      [product.tenant, id],
    );
    // The next time is counted from the end of the one before.
    await expect
      .poll(
        async () => {
          clock.advance(10 * 60_000);
          return await sql.query("select from job where id = $1", [id]);
        },
        { interval: 200, timeout: 15_000 },
      )
      .toEqual([]);
  };
  await forgets();
  await forgets();
  expect(JSON.stringify(product.logged)).not.toContain("housekeeping failed");
  await product.stop();
});
