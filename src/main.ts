import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { automations } from "../automations/index.ts";
import { openAccess } from "./access/access.ts";
import { ensureRootKey } from "./access/keys/rootKey.ts";
import { ensureDemoTenant } from "./access/tenants/demoTenant.ts";
import { hostAutomations } from "./commands/automations/hostAutomations.ts";
import { compose } from "./compose/compose.ts";
import { type Config, readConfig, settingsHelp } from "./config.ts";
import { answerBrokenRequest } from "./http/errors.ts";
import type { Bus } from "./platform/bus/bus.ts";
import { createInProcessBus } from "./platform/bus/inProcess.ts";
import { connectNats } from "./platform/bus/nats.ts";
import { systemClock } from "./platform/clock/clock.ts";
import { startEmbedded } from "./platform/database/embedded.ts";
import { migrate } from "./platform/database/migrate.ts";
import { openDatabase } from "./platform/database/openDatabase.ts";
import { lockDataDir } from "./platform/dataDir/lockDataDir.ts";
import { openFolderFiles } from "./platform/files/folderFiles.ts";
import { openS3Files } from "./platform/files/s3Files.ts";
import { openDatabaseJobs } from "./platform/jobs/databaseJobs.ts";
import type { Jobs } from "./platform/jobs/jobs.ts";
import type { Log } from "./platform/log/log.ts";
import { createLog } from "./platform/log/pinoLog.ts";
import { openMail } from "./platform/mail/openMail.ts";
import type { Platform } from "./platform/platform.ts";
import { Refusal } from "./protocol/refusal.ts";

/** Beside the built server lie the built pages; beside `dist` the migrations. */
const distDir = import.meta.dirname;
const migrationsDir = join(distDir, "..", "prisma", "migrations");

/** What was opened, ended in the opposite order. */
const endings: (() => Promise<void>)[] = [];

async function start(config: Config, log: Log): Promise<void> {
  if (!needsDatabase(config)) return await startAutomations(config, log);
  const { server, publicUrl, announce } = await occupy(config);
  const { databaseUrl, ...platform } = await openPlatform(config, log);
  const rootKey = config.secretKey ?? (await ensureRootKey(config.dataDir));
  const demo = config.stage === "development" && server !== undefined ? await openDemo(platform, config, publicUrl, rootKey) : undefined;
  const { mail, mailbox } = openMail(config);
  endings.push(() => mail.close());
  if (mail.off !== undefined) log.warn({}, mail.off);
  const jobs = await openJobs(platform, config);
  endings.push(() => jobs.close());
  const product = await compose({
    platform,
    mail,
    mailbox,
    jobs,
    config: { ...config, publicUrl, rootKey },
    server,
    inboxKey: demo?.inbox,
    pagesDir: distDir,
    databaseUrl,
  });
  endings.push(() => product.stop());
  await announce();
  tellWhereItRuns(config, publicUrl, demo);
}

/** Automations alone need only the bus. */
async function startAutomations(config: Config, log: Log): Promise<void> {
  const bus = await openBus(config, log);
  endings.push(await hostAutomations(bus, automations));
  tellWhereItRuns(config, "", undefined);
}

/** Takes the data folder and the port before anything is opened: whoever starts a second time hears it at once. */
async function occupy(config: Config): Promise<{ server: Server | undefined; publicUrl: string; announce: () => Promise<void> }> {
  const embedded = config.databaseUrl === undefined && needsDatabase(config);
  const lock = embedded ? await lockDataDir(config.dataDir) : undefined;
  if (lock !== undefined) endings.push(() => lock.release());
  if (!config.roles.has("gateway")) return { server: undefined, publicUrl: config.publicUrl ?? "", announce: async () => {} };
  const server = await listen(config);
  const publicUrl = config.publicUrl ?? `http://${hostInUrl(config.host)}:${portOf(server)}`;
  return { server, publicUrl, announce: async () => await lock?.announce(publicUrl) };
}

/** A file of 20 MB over 0.6 Mbit/s. */
const uploadMs = 5 * 60_000;

async function listen(config: Config): Promise<Server> {
  const server = createServer({ requestTimeout: uploadMs, headersTimeout: 20_000 });
  server.on("clientError", answerBrokenRequest);
  server.on("request", (_request, response) => {
    response.writeHead(503, { "content-type": "application/json", "retry-after": "1" });
    response.end(JSON.stringify({ error: { code: "unavailable", message: "Switchboard is starting; try again in a moment." } }));
  });
  server.listen({ port: config.port, host: config.host });
  await once(server, "listening").catch((error) => {
    throw listenRefusal(config, error);
  });
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return server;
}

function listenRefusal({ port, host }: Config, error: unknown): Refusal {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE")
    return new Refusal("unavailable", `Port ${port} on ${host} is taken by another program; end it, or set PORT to a free one.`);
  if (code === "EACCES") return new Refusal("unavailable", `Port ${port} may not be used by this user; set PORT to one above 1023.`);
  return new Refusal("unavailable", `HOST ${host} can't be listened on; set HOST to an address of this machine.`, { cause: error });
}

async function openPlatform(config: Config, log: Log): Promise<Platform & { databaseUrl: string }> {
  const bus = await openBus(config, log);
  const url = config.databaseUrl ?? (await openEmbedded(config, log));
  await migrate(url, { folder: migrationsDir, log });
  const database = await openDatabase({ url, log });
  endings.push(() => database.close());
  if (config.roles.has("gateway")) await database.warm();
  const files = config.s3Url === undefined ? openFolderFiles(join(config.dataDir, "files")) : openS3Files(config.s3Url);
  return { database, bus, clock: systemClock, files, log, databaseUrl: url };
}

async function openBus(config: Config, log: Log): Promise<Bus> {
  const trouble = (error: unknown) => log.error({ error }, "a subscriber failed");
  const bus = config.natsUrl === undefined ? createInProcessBus({ trouble }) : await connectNats({ url: config.natsUrl, log });
  endings.push(() => bus.close());
  return bus;
}

/** Who only asks for jobs needs no Redis; and who has none, needn't load what speaks to it. */
async function openJobs(platform: Platform, { redisUrl, roles }: Config): Promise<Jobs> {
  if (redisUrl === undefined || !roles.has("jobs")) return openDatabaseJobs(platform);
  const { openRedisJobs } = await import("./platform/jobs/redisJobs.ts");
  return await openRedisJobs({ ...platform, url: redisUrl });
}

async function openEmbedded(config: Config, log: Log): Promise<string> {
  const embedded = await startEmbedded({ dataDir: config.dataDir, log });
  endings.push(() => embedded.stop());
  return embedded.url;
}

function needsDatabase(config: Config): boolean {
  return ["gateway", "router", "jobs"].some((role) => [...config.roles].some((given) => given === role));
}

async function openDemo(platform: Platform, config: Config, publicUrl: string, rootKey: string): ReturnType<typeof ensureDemoTenant> {
  const access = openAccess(platform, { rootKey, limits: config.limits, hashCost: config.hashCost });
  try {
    return await ensureDemoTenant({ ...platform, ...access }, { publicUrl, dataDir: config.dataDir });
  } finally {
    access.liveSessions.close();
  }
}

function tellWhereItRuns(config: Config, publicUrl: string, demo: Awaited<ReturnType<typeof ensureDemoTenant>> | undefined): void {
  const lines = config.roles.has("gateway")
    ? [
        `Switchboard runs at ${publicUrl}`,
        ...(demo === undefined ? [] : [`  chat    ${publicUrl}/`]),
        `  desk    ${publicUrl}/desk`,
        `  api     ${publicUrl}/api/docs`,
        ...(hasMailbox(config) ? [`  mail    ${publicUrl}/mailbox`] : []),
      ]
    : [`Switchboard runs: ${[...config.roles].join(", ")}`];
  if (demo?.created === true) {
    lines.push("", "Sign in at the desk with one of these; they are also in demo.json of DATA_DIR:");
    for (const { email, password, roles } of demo.demo?.accounts ?? []) lines.push(`  ${email}  ${password}  (${roles.join(", ")})`);
  } else if (demo?.demo !== undefined) {
    lines.push("", `How to sign in stands in ${join(config.dataDir, "demo.json")}`);
  } else if (demo?.inbox !== undefined) {
    lines.push("", "This database was first used with another DATA_DIR; how to sign in stands in its demo.json.");
  }
  process.stdout.write(`${lines.join("\n")}\n`);
}

function hasMailbox({ stage, smtpUrl }: Config): boolean {
  return stage === "development" && smtpUrl === undefined;
}

function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function end(log: Log): Promise<void> {
  for (const ending of endings.splice(0).reverse()) {
    await ending().catch((error) => log.error({ error }, "an ending failed"));
  }
}

const unwaitedFailure = "something failed, and nobody waited for it";

/** The last word to whoever started it: one sentence, and an exit code that isn't 0. */
function fail(error: unknown, log: Log | undefined): number {
  if (error instanceof Refusal) process.stderr.write(`${error.message}\n`);
  else if (log === undefined) process.stderr.write("Switchboard could not start, and the reason is not known.\n");
  else log.error({ error }, "Switchboard could not start");
  return 1;
}

async function main(): Promise<void> {
  if (process.argv.includes("--help")) {
    process.stdout.write(`npm start\n\n${settingsHelp()}\n`);
    return;
  }
  let log: Log | undefined;
  try {
    const config = readConfig(process.env);
    const opened = createLog({ stage: config.stage, level: config.logLevel });
    log = opened;
    checkRoles(config);
    stopOnSignal(opened);
    goOnAfterRejections(opened);
    await start(config, opened);
  } catch (error) {
    const code = fail(error, log);
    if (log !== undefined) await end(log);
    process.exit(code);
  }
}

/**
 * What failed and was waited for by nobody is a fault of ours in one place: thousands of people at this process needn't lose their connection for it.
 * What is thrown outside of a promise still ends the process (Node's default): what it left undone can't be known.
 */
function goOnAfterRejections(log: Log): void {
  process.on("unhandledRejection", (error) => log.error({ error }, unwaitedFailure));
}

/** A second signal doesn't wait. */
function stopOnSignal(log: Log): void {
  let begunAt: number | undefined;
  const stop = () => {
    // One Ctrl-C may come twice: from the terminal, and passed on by npm.
    if (begunAt !== undefined && performance.now() - begunAt > 1000) process.exit(130);
    if (begunAt !== undefined) return;
    begunAt = performance.now();
    void end(log).then(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
}

function checkRoles(config: Config): void {
  const all = config.roles.size === 4;
  if (!all && config.natsUrl === undefined)
    throw new Refusal("invalid_value", "ROLE splits the product into processes, which need NATS_URL to talk to each other.");
  if (!all && needsDatabase(config) && config.databaseUrl === undefined) {
    throw new Refusal(
      "invalid_value",
      "ROLE splits the product into processes, which need DATABASE_URL: the embedded database belongs to one process.",
    );
  }
}

await main();
