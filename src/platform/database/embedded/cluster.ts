import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { Refusal } from "../../../protocol/refusal.ts";
import type { Binaries } from "./binaries.ts";
import { listenProbe } from "./port.ts";
import type { RunAs } from "./runAs.ts";

export const databaseUser = "switchboard";

const connectionSchema = z.object({ port: z.int(), password: z.string() });
export type Connection = z.infer<typeof connectionSchema>;

/** Where the connection stands: inside the cluster's own folder, so that one is never there without the other. */
const connectionFile = "switchboard.json";

/** Makes the cluster on the first start. It is built beside and moved into place, so one that was interrupted leaves nothing half made. */
export async function ensureCluster(binaries: Binaries, runAs: RunAs, dataFolder: string): Promise<void> {
  if (await hasCluster(dataFolder)) return runAs.own(dataFolder);
  const building = `${dataFolder}.new`;
  const passwordFile = `${dataFolder}.password`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o700 });
  const connection: Connection = { port: await listenProbe(0), password: randomBytes(24).toString("base64url") };
  await writeFile(passwordFile, connection.password, { mode: 0o600 });
  try {
    runAs.own(building);
    runAs.own(passwordFile);
    await runInitdb(binaries, runAs, building, passwordFile);
    await saveConnection(building, connection);
    await rename(building, dataFolder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(building, { recursive: true, force: true });
  }
}

/** The cluster's password, and a port that is free now: the one from before if it can be. */
export async function currentConnection(dataFolder: string): Promise<Connection> {
  const connection = await readConnection(join(dataFolder, connectionFile));
  const port = await listenProbe(connection.port).catch(() => listenProbe(0));
  if (port !== connection.port) await saveConnection(dataFolder, { ...connection, port });
  return { ...connection, port };
}

/** Whether a cluster was ever made there. */
export async function hasCluster(dataFolder: string): Promise<boolean> {
  return await readFile(join(dataFolder, "PG_VERSION")).then(
    () => true,
    () => false,
  );
}

/** Where the cluster said last that it is. */
export async function savedConnection(dataFolder: string): Promise<Connection> {
  return await readConnection(join(dataFolder, connectionFile));
}

async function readConnection(path: string): Promise<Connection> {
  const text = await readFile(path, "utf8").catch(() => "");
  const read = connectionSchema.safeParse(text === "" ? undefined : JSON.parse(text));
  if (read.success) return read.data;
  throw new Refusal("unavailable", `The password of the embedded PostgreSQL can't be read from ${path}; restore that file from a backup.`);
}

async function saveConnection(dataFolder: string, connection: Connection): Promise<void> {
  const path = join(dataFolder, connectionFile);
  await writeFile(`${path}.new`, JSON.stringify(connection), { mode: 0o600, flush: true });
  await rename(`${path}.new`, path);
}

async function runInitdb(binaries: Binaries, runAs: RunAs, folder: string, passwordFile: string): Promise<void> {
  // The built-in locale sorts the same on every machine and needs none of the machine's.
  const locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = [`--username=${databaseUser}`, "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const { command, args, ...user } = runAs.wrap(binaries.initdb, [`--pgdata=${folder}`, ...access, ...locale]);
  const child = spawn(command, args, { ...user, stdio: ["ignore", "ignore", "pipe"], detached: true, env: plainEnvironment() });
  const complaints: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  const [code] = await Promise.race([once(child, "close"), once(child, "error").then(([error]) => [String(error)])]);
  if (code === 0) return;
  const complaint = /(?:FATAL|initdb: error): +(.*)/.exec(complaints.join(""))?.[1] ?? `exit code ${code}`;
  if (/No space left/.test(complaints.join("")))
    throw new Refusal("unavailable", "The disk of DATA_DIR is full; make room and start again.");
  throw new Refusal(
    "unavailable",
    `The embedded PostgreSQL can't be set up (${complaint}); see that DATA_DIR can be written to, or set DATABASE_URL.`,
  );
}

/** PG* variables of the person who starts it would change what the binaries do. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", LC_ALL: "C", TZ: "UTC" };
}
