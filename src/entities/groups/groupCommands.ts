import type { StaffCommand } from "../../commands/command.ts";
import type { TableBlock } from "../../protocol/blocks.ts";
import type { Field } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import type { EntityGroup } from "../../protocol/entityGroups.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { entityCommand } from "../entityCommand.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import type { EntityOutside } from "../rewriteEntity.ts";
import { filterArgument, filterIn, whereArgument } from "../where.ts";
import { type GroupRequest, readGroups } from "./readGroups.ts";

const byArgument: ArgSchema = { type: "string", description: "Fields with commas; of times also created_at:month.", maxLength: 300 };

/** `stock.groups type sum:qty`, and `stock.sum qty type`: what a blueprint's entities come to. */
export function groupCommands(outside: EntityOutside, { key, definition }: StoredBlueprint): StaffCommand[] {
  const define = entityCommand(key);
  const reads = { risk: "read", permission: "entities.read" } as const;
  const counting = definition.fields.filter(({ type }) => fieldKinds[type].add !== undefined).map((field) => field.key);
  const gathered = async (principal: Parameters<typeof readGroups>[1], request: GroupRequest) => {
    const { items, truncated, named } = await readGroups(outside, principal, key, request);
    return {
      messages: [
        {
          text: wordsOf(key, request, items, truncated),
          blocks: [tableOf(definition.fields, request, { items, truncated, named })],
        },
      ],
      data: { items: JSON.parse(JSON.stringify(items)), truncated, named: { ...named } },
    };
  };
  return [
    define(
      "groups",
      `Gathers ${key} that have the same, and counts or sums them.`,
      {
        by: byArgument,
        aggregate: {
          type: "string",
          description: "What of each, with commas: sum:qty, avg:qty, min:qty, max:qty, count:qty.",
          maxLength: 500,
        },
        where: whereArgument,
        filterBy: filterArgument,
      },
      [],
      async ({ principal, args }) =>
        gathered(principal, { by: textIn(args, "by"), aggregate: textIn(args, "aggregate"), filter: filterIn(definition.fields, args) }),
      reads,
    ),
    ...(counting.length === 0
      ? []
      : [
          define(
            "sum",
            `Sums ${counting.join(" or ")} of ${key}, all or by groups.`,
            {
              field: { type: "string", description: "Which.", enum: counting },
              by: byArgument,
              where: whereArgument,
              filterBy: filterArgument,
            },
            ["field"],
            async ({ principal, args }) =>
              gathered(principal, {
                by: textIn(args, "by"),
                aggregate: `sum:${textIn(args, "field")}`,
                filter: filterIn(definition.fields, args),
              }),
            reads,
          ),
        ]),
  ];
}

function textIn(args: Readonly<Record<string, unknown>>, name: string): string {
  return args[name] === undefined ? "" : String(args[name]);
}

function wordsOf(key: string, { by }: GroupRequest, items: readonly EntityGroup[], truncated: boolean): string {
  const of = items.reduce((sum, { count }) => sum + count, 0).toLocaleString("en");
  if (by === "") return `All ${of} of ${key}.`;
  const groups = items.length === 1 ? "1 group" : `${items.length.toLocaleString("en")} groups`;
  return truncated ? `The first ${groups} of more, with ${of} of ${key}.` : `${groups} of ${of} ${key}.`;
}

const aggregateNames: Readonly<Record<string, string>> = { sum: "Sum", avg: "Mean", min: "Least", max: "Most", count: "Filled" };

/** `sum:qty` is "Sum of Quantity", `created_at:month` "Created at by month". */
function nameOf(fields: readonly Field[], term: string): string {
  const [first = "", second] = term.split(":");
  const called = (key: string) => fields.find((field) => field.key === key)?.name ?? key;
  if (second === undefined) return called(first);
  const aggregate = ownValue(aggregateNames, first);
  return aggregate === undefined || fields.every(({ key }) => key !== second)
    ? `${called(first)} by ${second}`
    : `${aggregate} of ${called(second)}`;
}

function tableOf(
  fields: readonly Field[],
  { by, aggregate }: GroupRequest,
  { items, truncated, named }: Awaited<ReturnType<typeof readGroups>>,
): TableBlock {
  const [keys = [], names = []] = [by, aggregate].map((text) => text.split(",").flatMap((word) => word.trim() || []));
  const words = (value: unknown) => (value === null || value === undefined ? "" : String(value));
  const wordsOfGroup = (value: unknown) => ownValue(named, words(value))?.title ?? words(value);
  return {
    type: "table",
    columns: [
      ...keys.map((key) => ({ name: nameOf(fields, key), type: "text" })),
      { name: "Count", type: "integer" },
      ...names.map((name) => ({ name: nameOf(fields, name), type: /^(sum|avg|count):/.test(name) ? "decimal" : "text" })),
    ],
    rows: items.map((item) => [
      ...keys.map((key) => wordsOfGroup(ownValue(item.by, key.split(":")[0] ?? key))),
      String(item.count),
      ...names.map((name) => words(ownValue(item.aggregates, name))),
    ]),
    truncated,
  };
}
