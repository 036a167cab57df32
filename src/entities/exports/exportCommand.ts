import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, StaffCommand } from "../../commands/command.ts";
import type { TableCell, WholeTable } from "../../commands/exports/table.ts";
import { type EntityView, type Field, fieldWords } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { columnTypes, entitiesTable } from "../entityBlocks.ts";
import { type CommandedBlueprint, entityCommand } from "../entityCommand.ts";
import { type ListingOutside, readEntities } from "../readEntities.ts";
import { told } from "../sentences/sentences.ts";
import { filterArgument, filterIn, whereArgument } from "../where.ts";

const properties: Record<string, ArgSchema> = {
  columns: { type: "string", description: "Keys of fields with commas, in their order; all where nothing is said.", maxLength: 20_000 },
  where: whereArgument,
  filterBy: filterArgument,
  sortBy: { type: "string", description: "Fields with commas, - before for descending.", maxLength: 300 },
  trashed: { type: "boolean", description: "Those in the trash, instead of the others." },
};

const shownRows = 50;
const pageRows = 1000;

/** `deliveries.export`: a table whose file has all rows; what whoever asks may not see isn't in it. */
export function exportCommand(outside: ListingOutside, { key }: Pick<CommandedBlueprint, "key">): StaffCommand {
  return entityCommand(key)(
    "export",
    `Shows ${key} as a table, to be taken as a CSV, XLSX or PDF with all rows.`,
    properties,
    [],
    async (call) => {
      const { fields, version } = await chosenFields(outside, key, call);
      const { items, nextCursor } = await page(outside, key, call, shownRows);
      return {
        messages: [{ text: `${key}, ${fields.length} columns.`, blocks: [entitiesTable(fields, items, nextCursor !== null)] }],
        data: { version },
      };
    },
    {
      risk: "read",
      permission: "entities.read",
      rows: async (call, version) => await wholeTable(outside, key, asStaff(call), version),
    },
  );
}

type Asking = Pick<CommandCall<AccountPrincipal>, "principal" | "args">;

function asStaff({ principal, args }: CommandCall): Asking {
  if (principal.kind === "visitor") throw new Refusal("not_found", "There is no such blueprint.");
  return { principal, args };
}

async function wholeTable(outside: ListingOutside, key: string, asking: Asking, wanted: number | undefined): Promise<WholeTable> {
  const { fields, version } = await chosenFields(outside, key, asking);
  if (wanted !== undefined && wanted !== version)
    throw new Refusal(
      "stale",
      told((say) => say.otherVersion),
      { current: { version } },
    );
  const first = await page(outside, key, asking, pageRows);
  const batches = async function* () {
    for (let { items, nextCursor } = first; ; { items, nextCursor } = await page(outside, key, asking, pageRows, nextCursor)) {
      yield items.map((entity) => rowOf(fields, entity));
      if (nextCursor === null) return;
    }
  };
  return { columns: fields.map(({ name, type }) => ({ name, type: columnTypes[type] ?? "text" })), batches: batches(), version };
}

/** Those of the fields that whoever asks sees. Refusal `invalid_value` for another. */
async function chosenFields(
  outside: ListingOutside,
  key: string,
  { principal, args }: Asking,
): Promise<{ fields: readonly Field[]; version: number }> {
  const { definition, number: version } = await blueprintFor(outside, principal, "entities.read", key);
  const said = args["columns"];
  if (typeof said !== "string") return { fields: definition.fields, version };
  const fields = said.split(",").map((one) => {
    const called = one.trim();
    const field = definition.fields.find((each) => each.key === called);
    if (field === undefined)
      throw new Refusal(
        "invalid_value",
        told((say) => say.noFieldCalled(shownShort(called))),
        { path: "args.columns" },
      );
    return field;
  });
  return { fields, version };
}

async function page(
  outside: ListingOutside,
  key: string,
  { principal, args }: Asking,
  limit: number,
  cursor: string | null = null,
): Promise<{ items: EntityView[]; nextCursor: string | null }> {
  const { sortBy, trashed } = args;
  const { definition } = await blueprintFor(outside, principal, "entities.read", key);
  return await readEntities(outside, principal, key, {
    limit,
    trashed: trashed === true,
    filter: filterIn(definition.fields, args),
    sort: typeof sortBy === "string" ? sortBy : undefined,
    cursor: cursor ?? undefined,
  });
}

function rowOf(fields: readonly Field[], { values, named }: EntityView): TableCell[] {
  return fields.map(({ key }) => {
    const value = ownValue(values, key);
    return typeof value === "number" || typeof value === "boolean" ? value : fieldWords(value, named);
  });
}
