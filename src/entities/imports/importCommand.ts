import { z } from "zod";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { CommandCall, StaffCommand } from "../../commands/command.ts";
import { placeOf } from "../../files/file.ts";
import { findReadableFile } from "../../files/readableFile.ts";
import type { ArgSchema, PlannedChange } from "../../protocol/commands.ts";
import { dateOrders, decimalMarks, type ImportColumnSettings, type ImportCounts } from "../../protocol/imports.ts";
import { inShape } from "../../protocol/inShape.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Sentence } from "../../protocol/sentence.ts";
import type { StoredBlueprint } from "../blueprints/blueprintStore.ts";
import { entityCommand } from "../entityCommand.ts";
import { refused, toldOf } from "../sentences/imports/sentences.ts";
import { cancelImport } from "./endImport.ts";
import { changeImport, type ImportOutside, previewImport, readImport } from "./prepareImport.ts";
import { receiveImport } from "./receiveImport.ts";
import { noneTaken, runImport, sum } from "./runImport.ts";

const ways = {
  found: ["update", "skip", "refuse"],
  missing: ["create", "skip", "refuse"],
  trashed: ["restore", "create", "skip", "refuse"],
  empty: ["leave", "clear"],
  errors: ["nothing", "fitting"],
} as const;

const settingsShape = z.object({
  key: z.string().optional(),
  found: z.enum(ways.found).optional(),
  missing: z.enum(ways.missing).optional(),
  trashed: z.enum(ways.trashed).optional(),
  empty: z.enum(ways.empty).optional(),
  errors: z.enum(ways.errors).optional(),
});

const properties: Record<string, ArgSchema> = {
  file: { type: "string", format: "file", description: "A CSV or XLSX of at most 20 MB; the page of imports takes larger ones." },
  import: { type: "string", format: "uuid", description: "An import that was prepared already." },
  key: {
    type: "string",
    description: "The unique field by which rows find entities; - for none. Guessed where nothing is said.",
    maxLength: 100,
  },
  found: { type: "string", description: "What becomes of a row whose entity is there.", enum: [...ways.found] },
  missing: { type: "string", description: "What becomes of a row whose entity isn't there.", enum: [...ways.missing] },
  trashed: { type: "string", description: "What becomes of a row whose entity is in the trash.", enum: [...ways.trashed] },
  empty: { type: "string", description: "Whether an empty cell leaves a field as it is, or empties it.", enum: [...ways.empty] },
  errors: { type: "string", description: "Where rows can't be taken: nothing is written, or what fits is.", enum: [...ways.errors] },
  dates: { type: "string", description: "How days are written: day or month first.", enum: [...dateOrders] },
  decimals: { type: "string", description: "What stands before a fraction.", enum: [...decimalMarks] },
  zone: { type: "string", description: "Where times are that don't say it, like Europe/Berlin.", maxLength: 100 },
  columns: { type: "object", description: 'Which field a column fills: {"Cargo": "cargo", "Old": "-"}. Guessed where nothing is said.' },
};

/** `deliveries.import`: in the background, with progress; where its process dies, another goes on, and no row comes twice. */
export function importCommand(outside: ImportOutside, { key }: Pick<StoredBlueprint, "key">): StaffCommand {
  return entityCommand(key)(
    "import",
    `Brings ${key} in from a CSV or XLSX file.`,
    properties,
    [],
    async (call) => {
      const { principal, run, work } = call;
      const prepared = call.args["import"];
      const id = typeof prepared === "string" ? prepared : await prepare(outside, key, call);
      const outcome = await runImport(outside, principal, key, {
        id,
        run,
        signal: work.signal,
        progress: (counts, of) => work.progress({ text: `${sum(counts)} of ${of}`, done: sum(counts), of }),
      }).catch(async (error: unknown) => {
        // Nobody sees a draft that only this command knew.
        if (error instanceof Refusal && error.code === "invalid_value" && prepared === undefined)
          await cancelImport(outside, principal, key, id).catch(() => {});
        throw error instanceof Refusal ? forArguments(error) : error;
      });
      const { state, counts, of } = outcome;
      if (state === "refused")
        throw new Refusal("invalid_value", (language) => `${noneTaken(counts, of)(language)} ${whereErrors(key, id)(language)}`, {
          path: "import",
        });
      const rest = state === "done" ? "" : ` It is ${state} behind ${sum(counts)} of ${of} rows.`;
      const told = counts.failed === 0 ? "" : ` ${whereErrors(key, id)(principal.language ?? "en")}`;
      return { messages: [{ text: `${countsInWords(counts)}.${rest}${told}` }], data: { import: id, state, of, counts: { ...counts } } };
    },
    {
      permission: "entities.change",
      audited: "always",
      resumable: true,
      idempotent: true,
      plan: async ({ principal, args }) => {
        const id = args["import"];
        if (typeof id !== "string") return { changes: [{ text: `The rows of the file come into ${key}.`, kind: "add" }] };
        const [{ rows }, { lookedAt, counts }] = await Promise.all([
          readImport(outside, principal, key, id),
          previewImport(outside, principal, key, id),
        ]);
        const text = `${lookedAt < rows ? `Of the first ${lookedAt} of ${rows} rows: ` : ""}${countsInWords(counts)}`;
        const change: PlannedChange = { text, kind: "add", count: rows };
        return { changes: [change] };
      },
    },
  );
}

/** The draft of a run has its id: gone on with by another process, it is found again. */
async function prepare(outside: ImportOutside, key: string, { principal, run, args }: CommandCall<AccountPrincipal>): Promise<string> {
  const known = await readImport(outside, principal, key, run).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "not_found") return undefined;
    throw error;
  });
  if (known === undefined) await receive(outside, key, { principal, run, file: args["file"] });
  else if (known.state !== "draft") return run;
  const view = await readImport(outside, principal, key, run);
  const { key: said, ...settings } = read(settingsShape, args);
  const columns = view.settings.columns.map((column, index) => columnSettings(column, view.columns[index]?.name ?? "", args));
  const defined = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const changed = { ...defined, ...(said === undefined ? {} : { key: said === "-" ? null : said }), columns };
  await changeImport(outside, principal, key, run, { settings: changed });
  return run;
}

async function receive(
  outside: ImportOutside,
  key: string,
  { principal, run, file: named }: { principal: AccountPrincipal; run: string; file: unknown },
): Promise<void> {
  if (typeof named !== "string") throw refused("invalid_value", "args.file", (say) => say.whichFile);
  const file = await findReadableFile(outside, principal, named);
  const content = file === undefined ? undefined : await outside.files.get(placeOf(principal.tenant, file.id));
  if (file === undefined || content === undefined) throw refused("invalid_value", "args.file", (say) => say.noFile);
  await receiveImport(outside, principal, key, { id: run, name: file.name, content });
}

function columnSettings(column: ImportColumnSettings, name: string, args: Readonly<Record<string, unknown>>): ImportColumnSettings {
  const { dates, decimals, zone, columns } = read(readingShape, args);
  const field = ownValue(columns ?? {}, name);
  return {
    ...column,
    ...(field === undefined ? {} : { field: field === "-" ? null : field }),
    ...(dates === undefined ? {} : { dates }),
    ...(decimals === undefined ? {} : { decimals }),
    ...(zone === undefined ? {} : { zone }),
  };
}

const readingShape = z.object({
  dates: z.enum(dateOrders).optional(),
  decimals: z.enum(decimalMarks).optional(),
  zone: z.string().optional(),
  columns: z.record(z.string(), z.string()).optional(),
});

function read<Shape extends z.ZodType>(shape: Shape, args: unknown): z.output<Shape> {
  return inShape(shape, args, "args");
}

/** Who has no page says it for all columns. */
function forArguments(refusal: Refusal): Refusal {
  const asked = /^settings\.columns\.\d+\.(dates|decimals|zone)$/.exec(refusal.path ?? "")?.[1];
  if (asked !== undefined) return refusal.movedTo(`args.${asked}`);
  return refusal.path?.startsWith("settings.") === true ? refusal.movedTo(`args.${refusal.path.split(".")[1]}`) : refusal;
}

function countsInWords({ created, changed, same, skipped, failed }: ImportCounts): string {
  const told = [
    [created, "made"],
    [changed, "changed"],
    [same, "as they were"],
    [skipped, "skipped"],
    [failed, "not taken"],
  ] as const;
  return (
    told
      .filter(([count]) => count > 0)
      .map(([count, what]) => `${count.toLocaleString("en")} ${what}`)
      .join(", ") || "No rows"
  );
}

function whereErrors(key: string, id: string): Sentence {
  return toldOf((say) => say.whyAt(`/api/v1/blueprints/${key}/imports/${id}/errors`));
}
