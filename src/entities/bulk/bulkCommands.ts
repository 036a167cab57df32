import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import { neededApprovals } from "../../commands/approvals/neededApprovals.ts";
import type { CommandCall, CommandResult, PlanCall, StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { argumentOf } from "../entityArguments.ts";
import { type CommandedBlueprint, entityCommand, valuesIn } from "../entityCommand.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { depthOf } from "../flow/askStarts.ts";
import { refuseState } from "../flow/flow.ts";
import { takeStep } from "../flow/takeStep.ts";
import { timeZoneOf } from "../moment.ts";
import { findNamed } from "../named/findNamed.ts";
import { chosenEntity } from "../namedEntities.ts";
import { withSeenConditions } from "../reach.ts";
import { requireWritable } from "../reachWrites.ts";
import { type EntityOutside, refuseTrashed } from "../rewriteEntity.ts";
import { movedTo } from "../saveEntities.ts";
import { told } from "../sentences/sentences.ts";
import { isUnique } from "../uniqueValues.ts";
import { changedValues, type WrittenValues } from "../values.ts";
import { filterArgument, filterIn, whereArgument } from "../where.ts";
import { type Asked, changeAll, type Outcome } from "./changeAll.ts";
import { type Decide, oneByOne } from "./decideAll.ts";
import { previewAll } from "./previewAll.ts";
import { undoAll, type Wrote } from "./undoAll.ts";

/** What fits into a request. */
const mostNamed = 5_000;
const which: Record<string, ArgSchema> = {
  where: whereArgument,
  filterBy: filterArgument,
  entityIds: { type: "array", description: `Which, by their ids; ${mostNamed.toLocaleString("en")} at most.` },
};
const errors: ArgSchema = {
  type: "string",
  description: "What becomes of the others where one can't be changed: it alone stays as it is, or nothing is changed.",
  enum: ["skip", "nothing"],
};
const ids = z.array(z.uuid()).max(mostNamed);

/** What one of these commands does with each, and how it tells of it. */
interface Bulk {
  decide: (call: Pick<PlanCall, "args"> & { principal: AccountPrincipal; run?: string }) => Promise<Decide>;
  trashed: boolean;
  /** `are changed`, as the plan and the answer go on. */
  what: (args: Readonly<Record<string, unknown>>) => string;
  undo: { as: string; wrote: Wrote };
  /** The command that does the same with one: who must agree to that, must agree to many of it. */
  single: (args: Readonly<Record<string, unknown>>) => StaffCommand | undefined;
}

/** `stock.update-all` and its like: the same for many in one run, with a plan, progress and a way back. `singles` are the commands for one. */
export function bulkCommands(outside: EntityOutside, blueprint: CommandedBlueprint, singles: readonly StaffCommand[]): StaffCommand[] {
  const { key, definition, writes: mayWrite = () => true, removes = true } = blueprint;
  const { fields, flow } = definition;
  const isOfOne = (field: (typeof fields)[number]) => fieldKinds[field.type].names === "file" || isUnique(field);
  const written = fields.filter((field) => fieldKinds[field.type].given !== true && mayWrite(field) && !isOfOne(field));
  const transitions = flow?.transitions ?? [];
  const asked = fields.filter(
    (field) => mayWrite(field) && !isOfOne(field) && transitions.some(({ required = [] }) => required.includes(field.key)),
  );
  const one = (verb: string) => singles.find(({ name }) => name === `${key}.${verb}`);
  const argumentsOf = (some: typeof fields) => Object.fromEntries(some.map((field) => [field.key, argumentOf(field)]));
  const clearable = Object.entries(argumentsOf(written)).map(([name, schema]): [string, ArgSchema] => [
    name,
    { ...schema, clearable: true },
  ]);
  const offered = chosenEntity(outside, key, fields).chosen;
  const define = bulkCommand(outside, key);
  const move = (kind: "trash" | "restore"): Bulk => ({
    trashed: kind === "restore",
    what: () => (kind === "trash" ? "go into the trash" : "come out of the trash"),
    undo: { as: kind === "trash" ? "restore" : "delete", wrote: "place" },
    single: () => one(kind === "trash" ? "delete" : "restore"),
    decide: async () => oneByOne((seen) => movedTo(seen, kind, new Date(outside.clock.now()))),
  });

  return [
    ...(written.length === 0
      ? []
      : [
          define(
            "update-all",
            `Changes the same values of many ${key}; what isn't named stays.`,
            Object.fromEntries(clearable),
            [],
            offered,
            {
              trashed: false,
              what: (args) =>
                `get ${written
                  .filter((field) => ownValue(args, field.key) !== undefined)
                  .map(({ name }) => name)
                  .join(", ")}`,
              undo: { as: "update", wrote: "values" },
              single: () => one("update"),
              decide: async ({ principal, args }) => {
                const values = valuesIn(written, args);
                if (Object.keys(values).length === 0)
                  throw new Refusal(
                    "invalid_value",
                    told((say) => say.sayWhat(written.map((field) => field.key).join(", "))),
                  );
                const [found = values] = await findNamed(outside, principal, written, [{ values, path: "values" }]);
                return changing(found);
              },
            },
          ),
        ]),
    ...(transitions.length === 0
      ? []
      : [
          define(
            "step-all",
            `Takes many ${key} through the same step.`,
            {
              step: { type: "string", description: "Which step.", enum: transitions.map((transition) => transition.key) },
              ...argumentsOf(asked),
            },
            ["step"],
            offered,
            {
              trashed: false,
              what: ({ step }) => {
                const { to = "", start = [] } = transitions.find((transition) => transition.key === step) ?? {};
                return [`go to ${to}`, ...start.map(({ command }) => `start ${command}`)].join(" and ");
              },
              undo: { as: "update", wrote: "flow" },
              single: ({ step }) => one(String(step)),
              decide: async ({ principal, args, run }) => {
                const transition = transitions.find(({ key: called }) => called === args["step"]);
                const needed = asked.filter((field) => transition?.required?.includes(field.key) === true);
                const values = valuesIn(needed, args);
                const [found = values] = await findNamed(outside, principal, needed, [{ values, path: "values" }]);
                const depth = await depthOf(outside, principal.tenant, run);
                const timeZone = await timeZoneOf(outside, principal.tenant);
                const step = { transition: String(args["step"]), written: found, timeZone, depth };
                return async (seen, sql) => await takeStep({ sql, clock: outside.clock }, principal, seen, step);
              },
            },
          ),
        ]),
    ...(removes
      ? [
          define("delete-all", `Moves many ${key} into the trash.`, {}, [], {}, move("trash")),
          define("restore-all", `Takes many ${key} out of the trash.`, {}, [], {}, move("restore")),
        ]
      : []),
  ];
}

/** The same values for each; names are looked up before. */
function changing(values: WrittenValues): Decide {
  return oneByOne(({ blueprint, entity, fields }) => {
    refuseTrashed(entity);
    const written = requireWritable(blueprint, fields, entity, values);
    refuseState(blueprint.definition, fields, entity.content, values);
    return {
      kind: "change",
      content: changedValues(withSeenConditions(blueprint.reach, fields), entity.content, values),
      trashedAt: null,
      written,
    };
  });
}

function bulkCommand(outside: EntityOutside, key: string) {
  return (
    verb: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: readonly string[],
    offered: Pick<StaffCommand, "choices">,
    bulk: Bulk,
  ): StaffCommand => {
    const askedIn = async ({ principal, args }: Pick<CommandCall<AccountPrincipal>, "principal" | "args">): Promise<Asked> => {
      const { definition } = await blueprintFor(outside, principal, "entities.read", key);
      return {
        filter: filterIn(definition.fields, args),
        ids: idsIn(args["entityIds"]),
        trashed: bulk.trashed,
        errors: args["errors"] === "nothing" ? "nothing" : "skip",
      };
    };
    return entityCommand(key)(
      verb,
      summary,
      // What must be said stands first in a line.
      { ...Object.fromEntries(required.map((name) => [name, properties[name] ?? {}])), ...which, ...properties, errors },
      required,
      async (call) => {
        const { principal, args, run, work } = call;
        const outcome = await changeAll(outside, principal, key, await askedIn(call), await bulk.decide(call), {
          run,
          signal: work.signal,
          progress: (done, of) => work.progress({ text: `${done} of ${of}`, done, of }),
        });
        const done = outcome.changed + outcome.same + outcome.refused;
        return answerOf(outcome, bulk.what(args), { run, stopped: work.signal.aborted && done < outcome.of });
      },
      {
        permission: "entities.change",
        ...offered,
        resumable: true,
        idempotent: true,
        plan: async (call) =>
          await previewAll(outside, call.principal, key, await askedIn(call), {
            decide: await bulk.decide(call),
            what: bulk.what(call.args),
          }),
        approval: async ({ principal, args }) => {
          const command = bulk.single(args);
          if (command === undefined) return [];
          return (await neededApprovals(outside.database.forTenant(principal.tenant), { command, principal, args })).rules;
        },
        undo: undoAll(outside, key, bulk.undo),
      },
    );
  };
}

function idsIn(said: unknown): string[] | undefined {
  if (said === undefined) return undefined;
  const parsed = ids.safeParse(said);
  if (parsed.success) return parsed.data;
  throw new Refusal(
    "invalid_value",
    told((say) => say.idsUpTo(mostNamed)),
    {
      path: "entityIds",
    },
  );
}

function answerOf(
  { of, changed, same, refused, problems }: Outcome,
  what: string,
  { run, stopped }: { run: string; stopped: boolean },
): CommandResult {
  const counted = (count: number) => count.toLocaleString("en");
  const lines = [
    `${stopped ? "Stopped: " : ""}${counted(changed)} of ${counted(of)} ${what}.`,
    ...(same === 0 ? [] : [`${counted(same)} were so already.`]),
    ...(refused === 0 ? [] : [`${counted(refused)} stay as they are:`]),
  ];
  const why = problems.slice(0, 10).map(({ title, message }) => `${title}: ${message}`);
  return {
    messages: [
      { text: [lines.join(" "), ...why, ...(refused > why.length ? [`and ${counted(refused - why.length)} more`] : [])].join("\n") },
    ],
    data: { of, changed, same, refused, problems: problems.map((problem) => ({ ...problem })) },
    ...(changed === 0 ? {} : { undo: { run } }),
    stopped,
  };
}
