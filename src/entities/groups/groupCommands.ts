import type { StaffCommand } from "../../commands/command.ts";
import type { TableBlock } from "../../protocol/blocks.ts";
import type { EntityGroup } from "../../protocol/blueprints.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
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
    const { items, truncated } = await readGroups(outside, principal, key, request);
    return {
      messages: [
        {
          text: `${items.length}${truncated ? " and more" : ""} of ${key}, by ${request.by || "nothing"}.`,
          blocks: [tableOf(request, items, truncated)],
        },
      ],
      data: { items: JSON.parse(JSON.stringify(items)), truncated },
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

function tableOf({ by, aggregate }: GroupRequest, items: readonly EntityGroup[], truncated: boolean): TableBlock {
  const [keys, names] = [by, aggregate].map((text) => text.split(",").flatMap((word) => word.trim() || []));
  const words = (value: unknown) => (value === null || value === undefined ? "" : String(value));
  return {
    type: "table",
    columns: [...(keys ?? []), "count", ...(names ?? [])].map((name) => ({ name, type: "text" })),
    rows: items.map((item) => [
      ...(keys ?? []).map((key) => words(ownValue(item.by, key.split(":")[0] ?? key))),
      String(item.count),
      ...(names ?? []).map((name) => words(ownValue(item.aggregates, name))),
    ]),
    truncated,
  };
}
