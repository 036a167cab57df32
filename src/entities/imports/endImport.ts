import type { AccountPrincipal } from "../../access/principal.ts";
import { csvLine } from "../../platform/csv/csvLine.ts";
import type { ImportView } from "../../protocol/imports.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { toldOf } from "../sentences/imports/sentences.ts";
import { forgetFile } from "./forgetImports.ts";
import { listErrors, moveImport } from "./importStore.ts";
import { type ImportOutside, preparedImport, requireImport, requireImportable } from "./prepareImport.ts";

/** Lets an import rest: it stops behind the rows that it is at, or before all where it writes all or nothing. Refusals: `not_found`, `conflict`. */
export async function pauseImport(outside: ImportOutside, by: AccountPrincipal, key: string, id: string): Promise<ImportView> {
  return await move(outside, by, key, id, { from: ["going"], to: "paused" });
}

/** Ends an import for good: what it brought in stays, its file is forgotten. Refusals: `not_found`, `conflict` where it has ended. */
export async function cancelImport(outside: ImportOutside, by: AccountPrincipal, key: string, id: string): Promise<ImportView> {
  const view = await move(outside, by, key, id, { from: ["draft", "going", "paused"], to: "cancelled" });
  await forgetFile(outside, by.tenant, { id });
  return view;
}

async function move(
  outside: ImportOutside,
  by: AccountPrincipal,
  key: string,
  id: string,
  states: Pick<Parameters<typeof moveImport>[2], "from" | "to">,
): Promise<ImportView> {
  const blueprint = await requireImportable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  const stored = await requireImport(sql, blueprint, by, id);
  if (!(await moveImport(sql, id, { ...states, at: new Date(outside.clock.now()) })))
    throw new Refusal(
      "conflict",
      toldOf((say) => say.cannotBe(stored.state, states.to)),
      {
        path: "import",
        current: { state: stored.state },
      },
    );
  return (await preparedImport(outside, by, blueprint, await requireImport(sql, blueprint, by, id))).view;
}

const pageRows = 1000;

/** What could not be taken, as CSV: row, column, value and reason. Refusal `not_found`, before anything is answered. */
export async function errorsFile(
  outside: ImportOutside,
  by: AccountPrincipal,
  key: string,
  id: string,
): Promise<{ name: string; content: AsyncIterable<string> }> {
  const blueprint = await requireImportable(outside, by, key);
  const sql = outside.database.forTenant(by.tenant);
  const { name } = await requireImport(sql, blueprint, by, id);
  const content = async function* () {
    yield `\uFEFF${csvLine(["row", "column", "value", "reason"])}`;
    for (let after = { row: 0, place: 0 }; ; ) {
      const page = await listErrors(sql, id, after, pageRows);
      yield page.map(({ row, column, value, reason }) => csvLine([row, column, value, reason])).join("");
      const last = page.at(-1);
      if (last === undefined || page.length < pageRows) return;
      after = last;
    }
  };
  return { name: `${name.replace(/\.[a-z0-9]{1,5}$/i, "")}-errors.csv`, content: content() };
}
