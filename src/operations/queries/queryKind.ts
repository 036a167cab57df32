import { z } from "zod";
import type { Principal } from "../../access/principal.ts";
import type { CommandPlan, CommandResult } from "../../commands/command.ts";
import { exportLimits } from "../../commands/exports/table.ts";
import type { Clock } from "../../platform/clock/clock.ts";
import type { CommandMessage } from "../../protocol/commands.ts";
import { inShape } from "../../protocol/inShape.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Sources } from "../dataSources/openSources.ts";
import type { KindOfOperation, OperationCall } from "../operationKind.ts";
import type { Cell } from "../sources/dataSource.ts";
import { nothingChanged } from "../sources/writing.ts";
import { type QueryAnswer, queryAnswer, shownAs } from "./answer.ts";
import type { QuerySession } from "./bindQuery.ts";
import { type CheckedQuery, checkQuery } from "./checkQuery.ts";
import { createFilesAtOnce } from "./filesAtOnce.ts";
import { createKeptAnswers, type Found, type KeptAnswers } from "./keptAnswers.ts";

const queryBody = z.strictObject({
  /** The data source's name. */
  dataSource: z.string().min(1).max(100),
  sql: z.string().max(20_000, "20,000 characters is the limit"),
  /** Whether it is one INSERT, UPDATE or DELETE, which others agree to before each run. */
  writes: z.boolean().optional(),
  /** As what people read it; a table where nothing is said. */
  answer: queryAnswer.optional(),
  /** For how long an answer is given again to whoever asks the same; each run asks anew where nothing is said. A file is never kept. */
  keepSeconds: z.number().int("whole seconds").min(1).max(3600, "an hour is the limit").optional(),
});

type Query = z.output<typeof queryBody>;

/** Operations that read a data source: one statement, checked when it is saved and again each time it runs. */
export function queryKind(sources: Sources, clock: Pick<Clock, "now" | "monotonic" | "after">): KindOfOperation {
  const enter = createFilesAtOnce();
  const kept = createKeptAnswers(clock);
  return {
    check: async (written, { principal, parameters }) => {
      const query = inShape(queryBody, written, "query");
      if (query.writes === true && query.keepSeconds !== undefined)
        throw new Refusal("invalid_value", "What changes data has no answer to keep.", { path: "query.keepSeconds" });
      const { dialect } = await sources.find(principal.tenant, query.dataSource).catch(under("dataSource"));
      await checked(query, dialect, parameters);
      return { body: query, risk: query.writes === true ? "write" : "read" };
    },
    plan: async (body, call) => await planWrite(sources, queryBody.parse(body), call),
    approval: (body) => (queryBody.parse(body).writes === true ? [{ by: "permission:operations.manage", quorum: 1 }] : []),
    run: async (body, call) => {
      const query = queryBody.parse(body);
      return query.writes === true ? await write(sources, query, call) : await read(sources, kept, query, call);
    },
    rows: async (body, call) => {
      const { statement, source } = await readied(sources, queryBody.parse(body), call);
      const limits = { deadlineMs: exportLimits.deadlineMs };
      enter(source, call.work.signal);
      const { columns, batches } = await source.stream({ statement, limits, signal: call.work.signal });
      return { columns: columns.map(({ key, type }) => ({ name: key, type })), batches };
    },
  };
}

/** The rows that are changed, by running it in a transaction that is taken back. */
async function planWrite(sources: Sources, query: Query, call: Omit<OperationCall, "run" | "work">): Promise<CommandPlan> {
  const { statement, source } = await readied(sources, query, call);
  const { count, columns, before, after, hash, warnings } = await source.previewWrite({ statement }).catch(inSql);
  const told = (row: readonly Cell[] | undefined) =>
    row === undefined ? null : columns.map(({ key }, index) => `${key} ${row[index] ?? "nothing"}`).join(", ");
  const samples = Array.from({ length: Math.min(mostSamples, Math.max(before.length, after.length)) }, (_, index) => ({
    text: `Row ${index + 1}`,
    kind: kindOfChange(before[index], after[index]),
    before: told(before[index]),
    after: told(after[index]),
  }));
  return {
    changes: [
      { text: `It changes ${count === 1 ? "1 row" : `${count} rows`} in ${query.dataSource}.`, count },
      ...samples,
      ...warnings.map((text) => ({ text })),
    ],
    facts: { rows: count, content: hash },
  };
}

/** Once, and only what it would do now: what it would have done when others agreed was the same, or the executor had refused it. */
async function write(sources: Sources, query: Query, call: OperationCall): Promise<CommandResult> {
  const { statement, source } = await readied(sources, query, call);
  const expected = await source.previewWrite({ statement, signal: call.work.signal }).catch((error: unknown) => {
    throw nothingChanged(error);
  });
  const check = `Look in ${query.dataSource} whether the rows are changed.`;
  const { count } = await call.work.effect({ step: "write", check }, () => source.write({ statement, expected, signal: call.work.signal }));
  return { messages: [{ text: count === 1 ? "1 row is changed." : `${count} rows are changed.` }], data: { count } };
}

async function readied(
  sources: Sources,
  query: Query,
  { principal, parameters, values, source: read }: Omit<OperationCall, "run" | "work">,
) {
  const { dialect, source, setUp } = await sources.find(principal.tenant, query.dataSource, read).catch(under("dataSource"));
  const ready = await checked(query, dialect, parameters);
  return { source, setUp, statement: ready.bind(values, sessionOf(principal)) };
}

function kindOfChange(before: unknown, after: unknown): "add" | "change" | "remove" {
  if (before === undefined) return "add";
  return after === undefined ? "remove" : "change";
}

const mostSamples = 5;

async function read(sources: Sources, kept: KeptAnswers, query: Query, call: OperationCall): Promise<CommandResult> {
  const { statement, source, setUp } = await readied(sources, query, call);
  const ask = async () => await source.read({ statement, signal: call.work.signal }).catch(inSql);
  const forMs = call.work.fresh === true ? 0 : (query.keepSeconds ?? 0) * 1000;
  const found: Found = forMs === 0 ? { answer: await ask() } : await kept.get({ setUp, statement, forMs }, ask);
  const { columns, rows, truncated } = found.answer;
  const answer: QueryAnswer = {
    columns: columns.map(({ name, key, type }) => ({ name, key, type })),
    rows,
    truncated: truncated !== undefined,
  };
  return {
    messages: [asOf(found.keptAt, shownAs(answer, query.answer ?? { as: "table" }))],
    data: {
      columns: answer.columns.map(({ key, type }) => ({ name: key, type })),
      rows,
      truncated: answer.truncated,
      version: call.version,
      ...(found.keptAt === undefined ? {} : { asOf: new Date(found.keptAt).toISOString() }),
    },
  };
}

/** Nobody takes what was kept for what is. */
function asOf(keptAt: number | undefined, message: CommandMessage): CommandMessage {
  if (keptAt === undefined) return message;
  return { ...message, text: `${message.text} As it was at ${new Date(keptAt).toISOString().slice(11, 16)} UTC.` };
}

async function checked(
  query: Query,
  dialect: Parameters<typeof checkQuery>[0],
  parameters: OperationCall["parameters"],
): Promise<CheckedQuery> {
  return await checkQuery(dialect, query.sql, parameters, query.writes === true ? "write" : "read").catch(inSql);
}

/** What is wrong with the text is told of where it stands. */
function inSql(error: unknown): never {
  throw error instanceof Refusal && error.path === "text" ? error.movedTo("query.sql") : error;
}

/** Who asks, from the session and never from an argument. */
function sessionOf(principal: Principal): QuerySession {
  if (principal.kind === "visitor") return { me: undefined, team: [], tenant: principal.tenant };
  return { me: principal.email, team: principal.teams, tenant: principal.tenant };
}

function under(field: string): (error: unknown) => never {
  return (error) => {
    throw error instanceof Refusal && error.code === "not_found" ? at(`query.${field}`, error) : error;
  };
}

function at(path: string, refusal: Refusal): Refusal {
  if (refusal.code !== "not_found") return refusal.movedTo(path);
  return new Refusal("invalid_value", refusal.message, { path, cause: refusal });
}
