import { z } from "zod";
import type { AccountPrincipal } from "../access/principal.ts";
import type { CommandCall, CommandResult, StaffCommand } from "../commands/command.ts";
import { commandsOf } from "../commands/commandsOf.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { inShape } from "../protocol/inShape.ts";
import { type OperationKind, type OperationView, operationKinds, parameterTypes } from "../protocol/operations.ts";
import { Refusal } from "../protocol/refusal.ts";
import { listOperations, listVersions, type StoredVersion } from "./operationStore.ts";
import { boundTo, originsOf } from "./requests/credential.ts";
import {
  createOperation,
  publishOperation,
  removeOperation,
  requireOperation,
  type SavingOutside,
  saveOperation,
  shareOperation,
} from "./saveOperations.ts";
import { tryOperation } from "./tryOperation.ts";

type Call = CommandCall<AccountPrincipal>;

const name: ArgSchema = { type: "string", description: "Its name, as it is run: late-orders.", maxLength: 100 };
const kindArgument: ArgSchema = { type: "string", description: "What it does.", enum: [...operationKinds] };
/** What an operation asks for, and what it does: one of the bodies, as its kind says. */
const definitionArguments = {
  parameters: { type: "array", description: 'What it asks for: [{"name": "region", "type": "text", "required": true}].' },
  query: { type: "object", description: 'Of a query: {"dataSource": "demo-shop", "sql": "select …"}, with :name for a parameter.' },
  request: { type: "object", description: 'Of an API call: {"method": "GET", "url": "https://…"}, with {{name}} for a parameter.' },
  message: { type: "object", description: "Of a message: to whom, by what, and its text." },
  sequence: { type: "object", description: 'Of a sequence: {"steps": [{"command": "…", "args": {}}]}.' },
} satisfies Record<string, ArgSchema>;
const shape = {
  summary: { type: "string", description: "One sentence for help.", minLength: 1, maxLength: 300 },
  audience: { type: "string", description: "Whether visitors may run it too, where an inbox publishes it.", enum: ["staff", "visitor"] },
  ...definitionArguments,
} satisfies Record<string, ArgSchema>;

const parameter = z.strictObject({
  name: z.string(),
  label: z.string().min(1).max(200).exactOptional(),
  type: z.enum(parameterTypes),
  required: z.boolean().default(false),
  list: z.boolean().exactOptional(),
  fixed: z.boolean().exactOptional(),
  default: z.union([z.string(), z.number(), z.boolean()]).exactOptional(),
  choices: z.array(z.string().max(200)).exactOptional(),
  blueprint: z.string().max(100).exactOptional(),
  choicesFrom: z
    .strictObject({
      operation: z.string().min(1).max(100),
      value: z.string().min(1).max(128),
      label: z.string().min(1).max(128).exactOptional(),
      args: z.record(z.string().max(60), z.string().max(60)).exactOptional(),
      search: z.string().max(60).exactOptional(),
    })
    .exactOptional(),
});

/** `operation.*`: how people make commands of their own. */
export function operationCommands(deps: SavingOutside): StaffCommand[] {
  const define = commandsOf("operation", { risk: "write", permission: "operations.manage", audited: "itself" });
  const reads: Partial<StaffCommand> = { risk: "read", audited: "never" };

  return [
    define(
      "list",
      "Lists the operations.",
      {},
      [],
      async ({ principal }) => {
        const found = await listOperations(deps.database.forTenant(principal.tenant));
        const lines = found.map(({ name: called, definition, published }) => {
          return `${called}: ${definition.summary}${published === null ? " (not published)" : ""}`;
        });
        return { messages: [{ text: lines.join("\n") || "There are no operations yet." }], data: { operations: found.map(viewOf) } };
      },
      reads,
    ),
    define(
      "show",
      "Shows an operation, or one of its versions.",
      { name, version: version("Which version.") },
      ["name"],
      async (call) => {
        const found = await requireOperation(deps, call.principal.tenant, nameIn(call), numberIn(call));
        const versions = await listVersions(deps.database.forTenant(call.principal.tenant), found.id);
        const told = versions.map(({ number, madeBy, madeAt }) => ({ version: number, by: madeBy, at: madeAt.toISOString() }));
        return {
          messages: [{ text: `${found.name}, version ${found.number}: ${found.definition.summary}` }],
          data: { operation: viewOf(found), versions: told },
        };
      },
      reads,
    ),
    define(
      "create",
      "Makes an operation: a command of your own. Nobody can run it before it is published.",
      { name, kind: kindArgument, ...shape },
      ["name", "kind", "summary"],
      async (call) => {
        const kind = kindIn(call);
        const made = await createOperation(deps, call.principal, {
          name: nameIn(call),
          kind,
          summary: String(call.args["summary"]),
          audience: audienceIn(call) ?? "staff",
          parameters: parametersIn(call) ?? [],
          body: bodyIn(call, kind) ?? {},
        });
        return saved(made, `"${made.name}" is saved. "operation.publish" lets people run it.`);
      },
    ),
    define(
      "update",
      "Saves a new version of an operation; what is published goes on running.",
      { name, ...shape, version: version("The version that was changed.") },
      ["name"],
      async (call) => {
        const { kind } = await requireOperation(deps, call.principal.tenant, nameIn(call));
        const [audience, parameters, body, seen] = [audienceIn(call), parametersIn(call), bodyIn(call, kind), numberIn(call)];
        const made = await saveOperation(deps, call.principal, nameIn(call), {
          ...(call.args["summary"] === undefined ? {} : { summary: String(call.args["summary"]) }),
          ...(audience === undefined ? {} : { audience }),
          ...(parameters === undefined ? {} : { parameters }),
          ...(body === undefined ? {} : { body }),
          ...(seen === undefined ? {} : { seen }),
        });
        return saved(made, `Version ${made.number} of "${made.name}" is saved.`);
      },
    ),
    define(
      "publish",
      "Lets people run an operation: its latest version, or the one that is named.",
      { name, version: version("Which version.") },
      ["name"],
      async (call) => {
        const published = await publishOperation(deps, call.principal, nameIn(call), numberIn(call));
        return saved(published, `Version ${published.published} of "${published.name}" runs now.`);
      },
    ),
    define("unpublish", "Takes an operation back: nobody can run it.", { name }, ["name"], async (call) => {
      const taken = await publishOperation(deps, call.principal, nameIn(call), null);
      return saved(taken, `"${taken.name}" can't be run any more.`);
    }),
    define(
      "share",
      "Says whose people may run an operation, besides those who make them.",
      {
        name,
        roles: {
          type: "string",
          description: 'Keys of roles with commas, or "everyone"; empty for nobody.',
          maxLength: 1000,
          clearable: true,
        },
      },
      ["name", "roles"],
      async (call) => {
        const roles = String(call.args["roles"])
          .split(/[\s,]+/)
          .filter((role) => role !== "");
        await shareOperation(deps, call.principal, nameIn(call), roles);
        const shared = await requireOperation(deps, call.principal.tenant, nameIn(call));
        return saved(
          shared,
          roles.length === 0 ? `"${shared.name}" is shared with nobody.` : `"${shared.name}" is shared with ${roles.join(", ")}.`,
        );
      },
    ),
    define(
      "try",
      "Runs an operation that isn't saved: what reads answers, what changes something only says what it would do.",
      {
        name,
        kind: kindArgument,
        ...definitionArguments,
        values: { type: "object", description: 'Of its parameters: {"region": "north"}.' },
      },
      ["kind"],
      async (call) => {
        const [kind, called] = [kindIn(call), call.args["name"] === undefined ? "" : nameIn(call)];
        const written = { name: called, kind, parameters: parametersIn(call) ?? [], body: bodyIn(call, kind) ?? {} };
        return await tryOperation(deps, call, written, call.args["values"]);
      },
      { risk: "read", audited: "always" },
    ),
    define(
      "delete",
      "Deletes an operation with all its versions.",
      { name },
      ["name"],
      async (call) => {
        await removeOperation(deps, call.principal, nameIn(call));
        return { messages: [{ text: "The operation is deleted." }] };
      },
      { risk: "destructive" },
    ),
  ];
}

/** As HTTP and commands answer it. */
export function viewOf({
  name: called,
  kind,
  definition,
  number,
  latest,
  published,
  sharedWith,
  changedBy,
  changedAt,
  secretsFor,
}: StoredVersion): OperationView {
  const [bound, origins] = [boundTo(definition.request), originsOf(definition.request)];
  return {
    name: called,
    kind,
    ...definition,
    version: number,
    latest,
    published,
    sharedWith,
    ...(bound === undefined || origins === undefined ? {} : { secret: { origins, given: secretsFor.includes(bound) } }),
    changedBy,
    changedAt: changedAt.toISOString(),
  };
}

function saved(stored: StoredVersion, text: string): CommandResult {
  const operation = viewOf(stored);
  const isOpen = operation.secret?.given === false;
  const secret = isOpen ? ` Its credential has no secret for ${operation.secret?.origins.join(" and ")}: "operation.secret" takes it.` : "";
  return { messages: [{ text: `${text}${secret}` }], data: { operation } };
}

function version(description: string): ArgSchema {
  return { type: "integer", description, minimum: 1 };
}

function nameIn({ args }: Call): string {
  return String(args["name"]).trim().toLowerCase();
}

function numberIn({ args }: Call): number | undefined {
  return typeof args["version"] === "number" ? args["version"] : undefined;
}

function audienceIn({ args }: Call): "staff" | "visitor" | undefined {
  return args["audience"] === undefined ? undefined : args["audience"] === "visitor" ? "visitor" : "staff";
}

/** Refusal `invalid_value` (`kind`) for one that isn't there. */
function kindIn({ args }: Call): OperationKind {
  const kind = operationKinds.find((known) => known === args["kind"]);
  if (kind === undefined) throw new Refusal("invalid_value", "There is no such kind of operation.", { path: "kind" });
  return kind;
}

/** Undefined where none are given. Refusal `invalid_value` with the place of what is no parameter. */
function parametersIn({ args }: Call) {
  if (args["parameters"] === undefined) return undefined;
  return inShape(z.array(parameter), args["parameters"], "parameters");
}

/** The body of the kind. What is of another kind would be left out in silence: refusal `invalid_value`. */
function bodyIn({ args }: Call, kind: OperationKind): unknown {
  const other = operationKinds.find((known) => known !== kind && args[known] !== undefined);
  if (other !== undefined) throw new Refusal("invalid_value", `This is a ${kind}; it has no "${other}".`, { path: other });
  return args[kind];
}
