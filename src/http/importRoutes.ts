import { z } from "zod";
import { startRun } from "../commands/runs/startRun.ts";
import { cancelImport, errorsFile, pauseImport } from "../entities/imports/endImport.ts";
import { changeImport, previewImport, readImport, readImports, whyNot } from "../entities/imports/prepareImport.ts";
import { receiveImport } from "../entities/imports/receiveImport.ts";
import { dateOrders, decimalMarks, type ImportView, importDelimiters, importEncodings, importStates } from "../protocol/imports.ts";
import { inShape } from "../protocol/inShape.ts";
import { Refusal } from "../protocol/refusal.ts";
import { blueprintParams } from "./blueprintSchemas.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { instant } from "./schemas.ts";
import { streamedBody, streamedReader } from "./streamedBody.ts";

const reading = z.strictObject({
  kind: z.enum(["csv", "xlsx"]),
  encoding: z.enum(importEncodings),
  delimiter: z.enum(importDelimiters),
  header: z.boolean(),
  sheet: z.int().min(0),
});
const columnSettings = z.strictObject({
  field: z.string().max(100).nullable().meta({ description: "The key of a field; null where the column is left out." }),
  dates: z.enum(dateOrders).optional(),
  decimals: z.enum(decimalMarks).optional(),
  zone: z.string().max(100).optional(),
});
const settings = z.strictObject({
  columns: z.array(columnSettings).max(1000),
  key: z.string().max(100).nullable().meta({ description: "The unique field by which rows find entities; null where all are new." }),
  found: z.enum(["update", "skip", "refuse"]),
  missing: z.enum(["create", "skip", "refuse"]),
  trashed: z.enum(["restore", "create", "skip", "refuse"]),
  empty: z.enum(["leave", "clear"]).meta({ description: "What an empty cell means for an entity that is there." }),
  errors: z.enum(["nothing", "fitting"]).meta({ description: "Where rows can't be taken: nothing is written at all, or what fits is." }),
});
const someSettings = settings.partial();
const counts = z.strictObject({ created: z.int(), changed: z.int(), same: z.int(), skipped: z.int(), failed: z.int() });
const importAnswer = z
  .strictObject({
    id: z.string(),
    blueprint: z.string(),
    name: z.string(),
    size: z.int(),
    state: z.enum(importStates),
    reading,
    sheets: z.array(z.string()),
    rows: z.int(),
    columns: z.array(
      z.strictObject({ name: z.string(), samples: z.array(z.string()), filled: z.int(), by: z.enum(["name", "values"]).nullable() }),
    ),
    settings,
    questions: z.array(
      z.strictObject({
        column: z.int(),
        ask: z.enum(["dates", "decimals", "zone"]),
        sample: z.string(),
        options: z.array(z.strictObject({ value: z.string(), reads: z.string() })),
      }),
    ),
    problems: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    before: instant.nullable(),
    position: z.int(),
    counts,
    run: z.string().nullable(),
    fault: z.string().nullable(),
    createdAt: instant,
    endedAt: instant.nullable(),
  })
  .meta({ id: "Import" });
const importsAnswer = z.strictObject({ items: z.array(importAnswer) });
const previewAnswer = z.strictObject({
  lookedAt: z.int(),
  counts,
  rows: z.array(
    z.strictObject({
      row: z.int(),
      action: z.enum(["create", "update", "restore", "same", "skip", "fail"]),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
      errors: z.array(z.strictObject({ column: z.string().nullable(), value: z.string(), reason: z.string() })),
    }),
  ),
});
const importParams = z.strictObject({ ...blueprintParams.shape, id: z.string().max(100) });
const newQuery = z.strictObject({
  name: z.string().max(200).optional().meta({ description: "Of the file, where no form says it." }),
  settings: z
    .string()
    .max(100_000)
    .optional()
    .meta({ description: "JSON: what differs from what is guessed. With it the import begins at once, where it can." }),
});
const changeBody = z
  .strictObject({ reading: reading.omit({ kind: true }).partial().optional(), settings: someSettings.optional() })
  .meta({ id: "ImportChange" });

/** Files that become entities: taken in, looked at, set, begun, paused, and what of them could not be taken. */
export function importOperations(deps: HttpDependencies): Operation[] {
  const path = "/api/v1/blueprints/{key}/imports";
  const common = { tag: "Imports", caller: byToken(deps, "entities.change"), query: nothing, body: noBody, params: importParams } as const;
  const answers = { statuses: { 200: "The import." }, schema: importAnswer } as const;

  const start = async (asking: Asking, key: string, id: string): Promise<ImportView> => {
    const view = await readImport(deps, asking.caller, key, id);
    const refusal = whyNot(view);
    if (refusal !== undefined) throw refusal;
    await deps.registry.load(asking.caller.tenant);
    const command = deps.registry.of(asking.caller.tenant).find(`${key}.import`);
    if (command === undefined) throw new Refusal("unknown_command", `There is no command "${key}.import".`);
    const { running, ended } = await startRun(deps, {
      command,
      principal: asking.caller,
      args: { import: id },
      idempotencyKey: asking.idempotencyKey,
      requestId: asking.requestId,
    });
    // What is over at once is told as over.
    await Promise.race([ended, new Promise((resolve) => deps.clock.after(soonMs, () => resolve(undefined)))]);
    const now = await readImport(deps, asking.caller, key, id);
    return { ...now, run: now.run ?? running.id };
  };

  return [
    operation({
      ...common,
      method: "get",
      path,
      id: "listImports",
      summary: "Your imports into a blueprint, the newest first.",
      params: blueprintParams,
      answers: { statuses: { 200: "The last 50." }, schema: importsAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: { items: await readImports(deps, caller, params.key) } }),
    }),
    operation({
      ...common,
      caller: {
        ...common.caller,
        // Before the body is read.
        find: async (request, response) => {
          const who = await common.caller.find(request, response);
          await deps.uploadLimits.upload(who);
          return who;
        },
      },
      method: "post",
      path,
      id: "prepareImport",
      summary:
        "Takes in a CSV or XLSX of at most 256 MB, and says what its columns are, what would have to be known, and how its rows look. Nothing is written, unless `settings` says how: then it begins.",
      params: blueprintParams,
      query: newQuery,
      body: streamedBody,
      reads: streamedReader,
      answers: { statuses: { 201: "A draft.", 202: "It has begun; `run` is its run." }, schema: importAnswer },
      handle: async ({ params: { key }, query, body, ...asking }) => {
        const said = query.settings === undefined ? undefined : settingsIn(query.settings);
        const draft = await receiveImport(deps, asking.caller, key, { name: body.name ?? query.name ?? "", content: body.content });
        const headers = { Location: `/api/v1/blueprints/${key}/imports/${draft.id}` };
        if (said === undefined) return { status: 201, body: draft, headers };
        await changeImport(deps, asking.caller, key, draft.id, { settings: said });
        return { status: 202, body: await start(asking, key, draft.id), headers };
      },
    }),
    operation({
      ...common,
      method: "get",
      path: `${path}/{id}`,
      id: "readImport",
      summary: "An import of yours, and how far it is.",
      answers,
      handle: async ({ caller, params }) => ({ status: 200, body: await readImport(deps, caller, params.key, params.id) }),
    }),
    operation({
      ...common,
      method: "patch",
      path: `${path}/{id}`,
      id: "changeImport",
      summary: "Says how a draft is read, and what shall become of its rows.",
      body: changeBody,
      answers,
      handle: async ({ caller, params, body }) => ({ status: 200, body: await changeImport(deps, caller, params.key, params.id, body) }),
    }),
    operation({
      ...common,
      method: "get",
      path: `${path}/{id}/preview`,
      id: "previewImport",
      summary: "What would become of the first 1,000 rows; nothing is written.",
      answers: { statuses: { 200: "The first of them, and how many come to what." }, schema: previewAnswer },
      handle: async ({ caller, params }) => ({ status: 200, body: await previewImport(deps, caller, params.key, params.id) }),
    }),
    operation({
      ...common,
      method: "post",
      path: `${path}/{id}/start`,
      id: "startImport",
      summary: "Begins an import, or goes on with one that rests. It is a run of the blueprint's command `import`.",
      answers: { statuses: { 202: "It goes on." }, schema: importAnswer },
      handle: async ({ params, ...asking }) => ({ status: 202, body: await start(asking, params.key, params.id) }),
    }),
    operation({
      ...common,
      method: "post",
      path: `${path}/{id}/pause`,
      id: "pauseImport",
      summary: "Lets an import rest, within a second or two.",
      answers,
      handle: async ({ caller, params }) => ({ status: 200, body: await pauseImport(deps, caller, params.key, params.id) }),
    }),
    operation({
      ...common,
      method: "delete",
      path: `${path}/{id}`,
      id: "cancelImport",
      summary: "Ends an import: what it brought in stays, its file is forgotten.",
      answers,
      handle: async ({ caller, params }) => ({ status: 200, body: await cancelImport(deps, caller, params.key, params.id) }),
    }),
    operation({
      ...common,
      method: "get",
      path: `${path}/{id}/errors`,
      id: "readImportErrors",
      summary: "What of the file could not be taken: row, column, value and reason.",
      answers: { statuses: { 200: "The file, in UTF-8." }, schema: z.string(), mediaTypes: ["text/csv"] },
      handle: async ({ caller, params }) => {
        const { name, content } = await errorsFile(deps, caller, params.key, params.id);
        const headers = {
          "Content-Type": "text/csv; charset=utf-8; header=present",
          "Content-Disposition": `attachment; filename="errors.csv"; filename*=UTF-8''${encodeURIComponent(name)}`,
          "Cache-Control": "no-store",
        };
        return { status: 200, headers, content };
      },
    }),
  ];
}

type Asking = Pick<Parameters<Parameters<typeof operation>[0]["handle"]>[0], "idempotencyKey" | "requestId"> & {
  caller: Awaited<ReturnType<ReturnType<typeof byToken>["find"]>>;
};

/** A small file is in before anybody has looked twice. */
const soonMs = 500;

function settingsIn(text: string): z.output<typeof someSettings> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Refusal("invalid_value", '"settings" is no JSON.', { path: "settings" });
  }
  return inShape(someSettings, json, "settings");
}
