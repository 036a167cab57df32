import { expect, test } from "vitest";
import { describeEachSource, refused } from "./eachSource.ts";

await describeEachSource("writing to a data source", (shop) => {
  const { kind, statement, read, write } = shop;

  test("an UPDATE is shown before and after, and changes nothing until it is written, once", async () => {
    const update = await write("update customers set credit = credit + 1, name = 'Ädna' where id in (1, 2)");
    const preview = await shop.source.previewWrite({ statement: update });
    const credit = preview.columns.findIndex((column) => column.name === "credit");
    expect([preview.count, preview.before.map((row) => row[credit]), preview.after.map((row) => row[credit])]).toEqual([
      2,
      ["1.50", "3.00"],
      ["2.50", "4.00"],
    ]);
    expect((await read("select count(*) from customers where name = 'Ädna'")).rows).toEqual([["0"]]);
    expect(await shop.source.write({ statement: update, expected: preview })).toEqual({ count: 2 });
    expect((await read("select count(*) from customers where name = 'Ädna'")).rows).toEqual([["2"]]);
    expect(await refused(shop.source.write({ statement: update, expected: preview }))).toMatch(
      /^stale: What was shown had 2 rows; this would change rows that have changed since/,
    );
    expect((await read("select credit from customers where id = 1")).rows).toEqual([["2.50"]]);
  });

  test("a DELETE that would take more rows than were shown is stale", async () => {
    const remove = await write("delete from order_lines where order_id < 3");
    const preview = await shop.source.previewWrite({ statement: remove });
    expect([preview.count, preview.after]).toEqual([4, []]);
    await shop.database.ask("insert into order_lines values (2, 19, 1, 1)");
    expect(await refused(shop.source.write({ statement: remove, expected: preview }))).toMatch(
      /^stale: What was shown had 4 rows; this would change 5 rows now/,
    );
    const again = await shop.source.previewWrite({ statement: remove });
    expect(await shop.source.write({ statement: remove, expected: again })).toEqual({ count: 5 });
  });

  test("an INSERT shows its rows", async () => {
    const insert = await write("insert into employees (id, name) select id + 100, 'new' from employees where boss is null");
    const preview = await shop.source.previewWrite({ statement: insert });
    expect([preview.count, preview.after]).toEqual([1, [[101, "new", null]]]);
    expect(await shop.source.write({ statement: insert, expected: preview })).toEqual({ count: 1 });
  });

  test("a schema, an alias and quotes are found in a statement", async () => {
    const table = kind === "postgresql" ? 'sales."targets" as t' : `\`${shop.database.settings.database}\`.\`targets\` t`;
    const preview = await shop.source.previewWrite({
      statement: await write(`update ${table} set amount = t.amount * 2 where t.month = '2026-01-01'`),
    });
    expect([preview.count, preview.before.length, preview.after.length]).toEqual([1, 1, 1]);
  });

  test("what nobody matches counts nothing, and what isn't allowed doesn't run", async () => {
    expect((await shop.source.previewWrite({ statement: await write("delete from orders where id = -1") })).count).toBe(0);
    expect(await refused(write("select 1"))).toContain("Only one INSERT");
    const bare = { ...(await statement("select 1")), text: "delete from orders" };
    expect(await refused(shop.source.previewWrite({ statement: bare }))).toContain("needs a WHERE");
    expect(await refused(shop.source.read({ statement: bare }))).toContain("Only one SELECT");
  });

  if (kind === "mariadb") {
    test("a table that can't take a change back is refused in words", async () => {
      const update = await write("update old_log set what = 'x' where id = 1");
      expect(await refused(shop.source.previewWrite({ statement: update }))).toBe(
        "invalid_value: old_log is of the engine MyISAM, which can't take a change back, so nothing can be shown before.",
      );
    });
  } else {
    test("a table without a primary key is compared by number, and rows that go along are told of", async () => {
      const events = await shop.source.previewWrite({ statement: await write("update events set what = 'x' where what = 'event 1'") });
      expect([events.count, events.warnings]).toEqual([1, ["events has no primary key, so only the number of rows is compared."]]);
      await shop.database.ask("create table cases (id int primary key, employee int references employees on delete cascade)");
      const gone = await shop.source.previewWrite({ statement: await write("delete from employees where id = 4") });
      expect(gone.warnings).toEqual(["Rows of other tables change along: cases."]);
    });
  }
});
