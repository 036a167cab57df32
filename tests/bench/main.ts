import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "../../src/config.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { accountMails } from "./figures/accountMails.ts";
import { assignments } from "./figures/assignments.ts";
import { browserCost } from "./figures/browser.ts";
import { chats } from "./figures/chats.ts";
import { connections } from "./figures/connections.ts";
import { entities } from "./figures/entities.ts";
import { executor } from "./figures/executor.ts";
import { exports } from "./figures/exports.ts";
import type { Measurement, Result } from "./figures/figure.ts";
import { foreignIds } from "./figures/foreignIds.ts";
import { imports } from "./figures/imports.ts";
import { latency, latencyOverNats } from "./figures/latency.ts";
import { ledgerRows } from "./figures/ledgerRows.ts";
import { memory } from "./figures/memory.ts";
import { operations } from "./figures/operations.ts";
import { operationsLoad } from "./figures/operationsLoad.ts";
import { rowSecurity } from "./figures/rowSecurity.ts";
import { search } from "./figures/search.ts";
import { signInLoad } from "./figures/signInLoad.ts";
import { signIns } from "./figures/signIns.ts";
import { turns, turnsOverNats } from "./figures/turns.ts";
import { playAsker } from "./parts/asker.ts";
import { playAssigner } from "./parts/assigner.ts";
import { playAudience } from "./parts/audience.ts";
import { playBare } from "./parts/bare.ts";
import { playChatLibrary } from "./parts/chatLibrary.ts";
import { playChatService } from "./parts/chatService.ts";
import { playEcho } from "./parts/echo.ts";
import { playExecutor } from "./parts/executor.ts";
import { playExporter } from "./parts/exporter.ts";
import { playLedger } from "./parts/ledgerWriter.ts";
import { playVisitors } from "./parts/visitors.ts";
import { startNatsServer } from "./processes/natsServer.ts";
import { openPostgres } from "./processes/postgres.ts";
import { atWorkplace } from "./processes/workplace.ts";
import { tableOf } from "./table.ts";

const measurements: readonly Measurement[] = [
  turns,
  turnsOverNats,
  latency,
  latencyOverNats,
  memory,
  ledgerRows,
  assignments,
  connections,
  search,
  signIns,
  accountMails,
  signInLoad,
  foreignIds,
  entities,
  rowSecurity,
  executor,
  operations,
  operationsLoad,
  exports,
  imports,
  chats,
  browserCost,
];

const parts: Record<string, () => void> = {
  echo: playEcho,
  bare: playBare,
  visitors: playVisitors,
  ledger: playLedger,
  assigner: playAssigner,
  audience: playAudience,
  asker: playAsker,
  executor: playExecutor,
  exporter: playExporter,
  chatService: playChatService,
  chatLibrary: playChatLibrary,
};

const help = `npm run bench -- [--only ${measurements.map(({ name }) => name).join(",")}] [--seconds 3] [--messages 4000000] [--sign-ins 1000] [--entities 20000] [--n8n http://localhost:5678/webhook/orders] [--directus directus.json] [--profile folder]

Measures the product beside its limits in the same run, on loopback: its own PostgreSQL (or DATABASE_URL), its own nats-server from PATH.
--only     the figures to measure, comma separated
--seconds  how long one measurement takes; most are taken three times
--messages among how many messages is searched; they are made first, for at most 8 minutes
--sign-ins how many of a known and of an unknown mail are measured, and of resets, with half as many registrations: 1,000 take five minutes on two processors
--entities among how many entities is read and written, with 1,000 other tenants beside; a million take some minutes to make
--n8n      the address of a webhook of n8n that answers the orders of {"customer": 1}; it is measured beside the operations
--directus a file with {"url", "token", "database"} of a Directus 11; it is measured beside entities and imports, and its collections stock and parts are made anew
--profile  a folder for a CPU profile of each product process`;

async function bench(options: {
  only: string[] | undefined;
  seconds: number;
  messages: number;
  signIns: number;
  entities: number;
  profileDir: string | undefined;
  n8n: string | undefined;
  directus: string | undefined;
}): Promise<void> {
  const { databaseUrl } = readConfig(process.env);
  const folder = await mkdtemp(join(tmpdir(), "switchboard-bench-"));
  const endings = [() => rm(folder, { recursive: true, force: true })];
  try {
    const postgres = await openPostgres(databaseUrl, folder);
    endings.push(postgres.stop);
    const nats = await startNatsServer();
    if (nats !== undefined) endings.push(nats.stop);
    process.stdout.write(`${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}, Node ${process.version}, ${postgres.version}\n\n`);
    const results: Result[] = [];
    for (const { name, measure } of measurements) {
      if (options.only !== undefined && !options.only.includes(name)) continue;
      process.stderr.write(`measuring ${name} …\n`);
      const place = {
        postgres,
        nats,
        folder,
        seconds: options.seconds,
        messages: options.messages,
        signIns: options.signIns,
        entities: options.entities,
        profileDir: options.profileDir,
        n8n: options.n8n,
        directus: options.directus,
      };
      results.push(...(await atWorkplace(place, measure).catch((error: unknown) => [{ figure: name, failed: reasonOf(error) }])));
    }
    process.stdout.write(`${tableOf(results)}\n\n${results.map((result) => JSON.stringify(result)).join("\n")}\n`);
    if (results.some((result) => "failed" in result)) process.exitCode = 1;
  } finally {
    for (const end of endings.reverse()) await end();
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      part: { type: "string" },
      only: { type: "string" },
      seconds: { type: "string", default: "3" },
      messages: { type: "string", default: "4000000" },
      "sign-ins": { type: "string", default: "1000" },
      entities: { type: "string", default: "20000" },
      profile: { type: "string" },
      n8n: { type: "string" },
      directus: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const only = values.only?.split(",");
  const unknown = only?.find((name) => !measurements.some((measurement) => measurement.name === name));
  if (unknown !== undefined) throw new Refusal("invalid_value", `There is no figure "${unknown}".\n${help}`);
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= 60)) throw new Refusal("invalid_value", "--seconds is a number from 1 to 60.");
  const messages = Number(values.messages);
  if (!(Number.isInteger(messages) && messages >= 50_000 && messages <= 20_000_000))
    throw new Refusal("invalid_value", "--messages is a number from 50000 to 20000000.");
  const signIns = Number(values["sign-ins"]);
  if (!(Number.isInteger(signIns) && signIns >= 10 && signIns <= 10_000))
    throw new Refusal("invalid_value", "--sign-ins is a number from 10 to 10000.");
  const entities = Number(values.entities);
  if (!(Number.isInteger(entities) && entities >= 1000 && entities <= 10_000_000))
    throw new Refusal("invalid_value", "--entities is a number from 1000 to 10000000.");
  return {
    ...values,
    entities,
    n8n: values.n8n,
    directus: values.directus,
    only,
    seconds,
    messages,
    signIns,
    profileDir: values.profile === undefined ? undefined : resolve(values.profile),
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A missed target is a result; the exit code is not 0 where something could not be measured. */
async function main(): Promise<void> {
  try {
    const options = readOptions();
    if (options.help) process.stdout.write(`${help}\n`);
    else if (options.part !== undefined) parts[options.part]?.();
    else await bench(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : reasonOf(error)}\n`);
    process.exitCode = 1;
  }
}

await main();
