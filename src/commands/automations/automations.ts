import { z } from "zod";
import type { Automation } from "../../../automations/contract.ts";
import type { Json, ServiceInfo } from "../../platform/bus/bus.ts";
import { timedOut } from "../../platform/bus/busRefusals.ts";
import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import { type Block, knownBlock } from "../../protocol/blockSchemas.ts";
import type { ArgSchema, ArgsSchema } from "../../protocol/commands.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Command, CommandCall, CommandResult } from "../command.ts";
import { type NamedThings, namesThings, withThings } from "../namedThings.ts";
import type { Registry } from "../registry.ts";
import { answerRequest } from "./hostAutomations.ts";

export interface AutomationWatch {
  /** Whether an automation of this name was there lately and is not at the moment. */
  away(name: string): boolean;
  /** Looks now, unless somebody did within the last second. */
  look(): Promise<void>;
  stop(): void;
}

const lookEveryMs = 2000;
const lookAgainAfterMs = 1000;
const answerWithinMs = 300;
/** A name is remembered for so long after it went, so that it is called "not running" and not "unknown". */
const rememberMs = 60 * 60_000;
/** Missed by so many looks in a row, an automation is gone. One look may miss one that is busy. */
const missesUntilGone = 2;

/**
 * Keeps the registry's automations as the bus has them: they come and go while the product runs.
 * Those of `hosted` run in this process: they are asked over the bus like all others, and directly while the bus is down.
 */
export function watchAutomations(
  { bus, clock, log }: Pick<Platform, "bus" | "clock" | "log">,
  registry: Registry,
  hosted: readonly Automation[],
  things: NamedThings,
): AutomationWatch {
  const seen = new Map<string, { command: Command; misses: number; seenAt: number }>();
  let looking: Promise<void> | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const lookNow = async () => {
    const found = await bus.discover(answerWithinMs);
    lookedAt = clock.monotonic();
    // Silence of a bus that is down says nothing about who is there.
    if (!bus.healthy) return;
    for (const entry of seen.values()) entry.misses++;
    for (const service of found) {
      const command = toCommand({ bus, clock, things }, service, hosted);
      if (command === undefined) continue;
      if (!seen.has(command.name)) log.info({ automation: command.name }, "automation found");
      seen.set(command.name, { command, misses: 0, seenAt: clock.monotonic() });
    }
    for (const [name, entry] of seen) {
      if (entry.misses === missesUntilGone) log.info({ automation: name }, "automation gone");
      if (clock.monotonic() - entry.seenAt > rememberMs) seen.delete(name);
    }
    registry.setAutomations([...seen.values()].filter((entry) => entry.misses < missesUntilGone).map((entry) => entry.command));
  };
  const look = () => {
    looking ??= lookNow().finally(() => {
      looking = undefined;
    });
    return looking;
  };

  const stop = every(clock, lookEveryMs, look, (error) =>
    log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not look for automations"),
  );
  return {
    away: (name) => {
      const entry = seen.get(name.normalize("NFKC").toLowerCase());
      return entry !== undefined && entry.misses >= missesUntilGone;
    },
    look: async () => {
      if (looking === undefined && clock.monotonic() - lookedAt < lookAgainAfterMs) return;
      await look().catch(() => {});
    },
    stop,
  };
}

const argsSchema = z.object({
  type: z.literal("object"),
  properties: z.record(
    z.string(),
    z.object({
      type: z.enum(["string", "integer", "number", "boolean"]).exactOptional(),
      description: z.string().exactOptional(),
      enum: z.array(z.union([z.string(), z.number()])).exactOptional(),
      minLength: z.number().exactOptional(),
      maxLength: z.number().exactOptional(),
      minimum: z.number().exactOptional(),
      maximum: z.number().exactOptional(),
      format: z.string().exactOptional(),
      blueprint: z.string().max(100).exactOptional(),
    }),
  ),
  required: z.array(z.string()).exactOptional(),
});

const metadataSchema = z.object({
  summary: z.string().min(1).max(300),
  risk: z.enum(["read", "write", "destructive"]).catch("destructive"),
  audience: z.enum(["visitor", "staff"]).catch("staff"),
  args: z
    .string()
    .max(64 * 1024)
    .transform((text, context) => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue("not JSON");
        return z.NEVER;
      }
    })
    .pipe(argsSchema),
});

/** A service is an automation if it has an endpoint on `automation.<its name>` and metadata as the contract says; others are none of ours. */
function toCommand(outside: Asking, service: ServiceInfo, hosted: readonly Automation[]): Command | undefined {
  if (!/^[a-z][a-z0-9-]{0,59}$/.test(service.name)) return undefined;
  const subject = `automation.${service.name}`;
  if (!service.endpoints.some((endpoint) => endpoint.subject === subject)) return undefined;
  const metadata = metadataSchema.safeParse(service.metadata);
  if (!metadata.success) return undefined;
  const { summary, risk, audience, args: written } = metadata.data;
  const args = withChoices(written);
  const base = { name: service.name, summary, risk, args, source: "automation", ...choosing(outside.things, args) } as const;
  const here = hosted.find((automation) => automation.name === service.name);
  const way = { subject, here, mayAskAgain: risk === "read" };
  const check = `See at "${service.name}" whether it did what was asked; the run's id was its key.`;
  const once = (call: CommandCall) => call.work.effect({ step: service.name, check }, () => ask(outside, way, service.name, call));
  const asked = (call: CommandCall) => (risk === "read" ? ask(outside, way, service.name, call) : once(call));
  const run = namesThings(args)
    ? async (call: CommandCall) => await asked({ ...call, args: await withThings(outside.things, call.principal, args, call.args) })
    : asked;
  return audience === "visitor" ? { ...base, audience, run } : { ...base, audience, permission: "commands.run", run };
}

interface Asking extends Pick<Platform, "bus" | "clock"> {
  things: NamedThings;
}

/** Entities of a blueprint are chosen among those that there are. */
function withChoices({ properties, ...schema }: z.output<typeof argsSchema>): ArgsSchema {
  const chosen = Object.entries(properties).map(([name, argument]): [string, ArgSchema] =>
    isEntity(argument) ? [name, { ...argument, choicesFrom: { after: [] } }] : [name, argument],
  );
  return { ...schema, properties: Object.fromEntries(chosen) };
}

function choosing(things: NamedThings, { properties }: ArgsSchema): Pick<Command, "choices"> {
  if (!Object.values(properties).some(isEntity)) return {};
  return {
    choices: async ({ principal, argument, query }) => {
      const schema = ownValue(properties, argument);
      if (schema === undefined || !isEntity(schema))
        throw new Refusal("not_found", `"${argument.slice(0, 60)}" has no choices to be asked for.`);
      return await things.offer(principal, schema.blueprint ?? "", query);
    },
  };
}

function isEntity({ format, blueprint }: ArgSchema): boolean {
  return format === "entity" && blueprint !== undefined;
}

interface Way {
  subject: string;
  /** The automation itself, where this process hosts it. */
  here: Automation | undefined;
  /** Whether it does no harm to ask twice. */
  mayAskAgain: boolean;
}

/** Longer than any surface waits: the caller's deadline comes first and can say what it means. */
const requestTimeoutMs = 60_000;

/** What is left out may be null as well: that is how some languages write it. */
const answerSchema = z.object({
  messages: z.array(z.object({ text: z.string(), blocks: z.array(z.unknown()).nullish() })).nullish(),
  data: z.unknown().optional(),
  error: z.object({ message: z.string().min(1).max(1000) }).nullish(),
});

async function ask(outside: Pick<Asking, "bus" | "clock">, way: Way, name: string, call: CommandCall): Promise<CommandResult> {
  const { principal, run, args, conversation, handedBack } = call;
  const who =
    principal.kind === "visitor"
      ? { kind: "visitor", id: principal.contact }
      : { kind: "account", id: principal.account, name: principal.name };
  const body = {
    run,
    tenant: principal.tenant,
    principal: who,
    args,
    mode: "run",
    ...(conversation === undefined ? {} : { conversation }),
    ...(handedBack === undefined ? {} : { handedBack }),
  };
  const answer = answerSchema.safeParse(await request(outside, way, body));
  if (!answer.success) throw new Refusal("automation_failed", `"${name}" answered something that is not an answer.`);
  if (answer.data.error) throw new Refusal("automation_failed", answer.data.error.message);
  return { messages: told(answer.data.messages ?? []), ...(isJson(answer.data.data) ? { data: answer.data.data } : {}) };
}

/**
 * A reading command that has been silent for so long is asked again: the process that had it may have died with it, and on NATS nobody says so
 * (faults.md, rows 7 and 14); until the server notices, it may hand the next question to the same one. The first answer counts.
 */
const askAgainAfterMs = 10_000;
const mostAsks = 4;

async function request({ bus, clock }: Pick<Asking, "bus" | "clock">, { subject, here, mayAskAgain }: Way, body: object): Promise<Json> {
  const ask = () => bus.request(subject, body, { timeoutMs: requestTimeoutMs });
  const asks = here === undefined ? Array.from({ length: mostAsks }, () => ask) : [ask, () => answerRequest(here, body)];
  try {
    return await askInTurn(clock, mayAskAgain ? asks : [ask]);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== "unavailable") throw error;
    if (here !== undefined) return await answerRequest(here, body);
    throw new Refusal("automation_away", error.message, { cause: error });
  }
}

/** Asks the next one as long as none has answered. It fails when nobody is left who could answer what was asked so far, or after a minute in all. */
function askInTurn<Answer>(clock: Platform["clock"], asks: readonly (() => Promise<Answer>)[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let waiting = 0;
    let cancelNext = () => {};
    const end = (tell: () => void) => {
      cancelNext();
      cancelEnd();
      tell();
    };
    const cancelEnd = clock.after(requestTimeoutMs, () => end(() => reject(timedOut())));
    const askOneOf = ([ask, ...others]: readonly (() => Promise<Answer>)[]) => {
      if (ask === undefined) return;
      waiting++;
      cancelNext = clock.after(askAgainAfterMs, () => askOneOf(others));
      const failed = (error: unknown) => {
        waiting--;
        if (waiting === 0) end(() => reject(error));
      };
      ask().then((answer) => end(() => resolve(answer)), failed);
    };
    askOneOf(asks);
  });
}

const mostMessages = 20;
const longestText = 4000;

/** An automation's answer goes to a person, who is never left in silence; what is too much for one is cut, and said to be. */
function told(messages: readonly { text: string; blocks?: unknown[] | null | undefined }[]): CommandResult["messages"] {
  if (messages.length === 0) return [{ text: "Done." }];
  const kept = messages.slice(0, mostMessages).map(({ text, blocks }) => {
    const known: Block[] = (blocks ?? []).flatMap((block) => knownBlock(block) ?? []);
    return { text: cutText(text), ...(known.length === 0 ? {} : { blocks: known }) };
  });
  return messages.length <= mostMessages
    ? kept
    : [...kept, { text: `… and ${messages.length - mostMessages} more messages, which are not shown.` }];
}

function cutText(text: string): string {
  const clean = text.toWellFormed().replaceAll("\u0000", "\uFFFD");
  return clean.length <= longestText ? clean : `${clean.slice(0, longestText - 20)}… (cut, it was longer)`.toWellFormed();
}

function isJson(data: unknown): data is Exclude<CommandResult["data"], undefined> {
  return data !== undefined && typeof data !== "function" && typeof data !== "symbol" && typeof data !== "bigint";
}
