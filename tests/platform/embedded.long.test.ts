import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { findBinaries } from "../../src/platform/database/embedded/binaries.ts";
import { chooseRunAs } from "../../src/platform/database/embedded/runAs.ts";
import { startEmbedded } from "../../src/platform/database/embedded.ts";
import { isAlive } from "../../src/platform/process/processIdentity.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const asRoot = process.getuid?.() === 0;
let madeOnce: string;
let home: string;
let dataDir: string;

beforeAll(async () => {
  madeOnce = await mkdtemp(join(tmpdir(), "switchboard-embedded-"));
  await (await startEmbedded({ dataDir: madeOnce, log: silentLog })).stop();
});
afterAll(() => rm(madeOnce, { recursive: true, force: true }));

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "switchboard-embedded-"));
  dataDir = join(home, "clone", "data");
});
afterEach(() => rm(home, { recursive: true, force: true }));

/** Setting one up takes a second or more, copying one that was set up 0.1 s. */
async function useCopy(): Promise<void> {
  await mkdir(join(home, "clone"));
  await promisify(execFile)("cp", ["-a", madeOnce, dataDir]);
}

const start = () => startEmbedded({ dataDir, log: silentLog });
const postmaster = async () => Number((await readFile(join(dataDir, "postgresql", "postmaster.pid"), "utf8")).split("\n")[0]);

async function run(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  client.on("error", () => {});
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

test("below a closed home it starts, keeps what was written, stops, and starts again at the same address", async () => {
  await chmod(home, 0o700);
  const first = await start();
  await run(first.url, "create table a (id integer); insert into a values (1)");
  expect(await run(first.url, "select current_setting('fsync') as fsync, current_setting('synchronous_commit') as sync")).toEqual([
    { fsync: "on", sync: "on" },
  ]);
  const pid = await postmaster();
  await first.stop();
  expect(isAlive(pid)).toBe(false);
  await first.stop(); // again: nothing
  const second = await start();
  expect(second.url).toBe(first.url);
  expect(await run(second.url, "select * from a")).toEqual([{ id: 1 }]);
  await second.stop();
});

test("only who has the password gets in, on loopback only, and files are for the owner alone", async () => {
  await useCopy();
  const server = await start();
  const url = new URL(server.url);
  expect(url.hostname).toBe("127.0.0.1");
  for (const password of ["", "wrong"]) {
    url.password = password;
    await expect(run(url.href, "select 1")).rejects.toThrow(/password/);
  }
  expect(await run(server.url, "show listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect((await stat(join(dataDir, "postgresql"))).mode & 0o077).toBe(0);
  expect((await stat(join(dataDir, "postgresql", "switchboard.json"))).mode & 0o077).toBe(0);
  await server.stop();
});

test("after kill -9 of the product its server is ended, and everything is there", async () => {
  await useCopy();
  const product = spawnProduct();
  const [url] = await once(product.stdout, "data");
  await run(String(url), "create table a (id integer); insert into a values (7)");
  const pid = await postmaster();
  product.kill("SIGKILL");
  await once(product, "exit");
  expect(isAlive(pid)).toBe(true);
  const server = await start();
  expect(isAlive(pid)).toBe(false);
  expect(await run(server.url, "select * from a")).toEqual([{ id: 7 }]);
  await server.stop();
});

test("a product that ends by itself, without stopping it, takes it along", async () => {
  await useCopy();
  const product = spawnProduct("setTimeout(() => process.exit(1), 50)");
  await once(product.stdout, "data");
  const pid = await postmaster();
  await once(product, "exit");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), 5000);
});

function spawnProduct(then = "setInterval(() => {}, 1000)"): ChildProcess & { stdout: NodeJS.ReadableStream } {
  const script = `
    import { startEmbedded } from "./src/platform/database/embedded.ts";
    const log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
    const { url } = await startEmbedded({ dataDir: ${JSON.stringify(dataDir)}, log });
    process.stdout.write(url); ${then};`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
}

test("a server that is killed is started again at the same address, with what was committed", async () => {
  await useCopy();
  const server = await start();
  await run(server.url, "create table a (id integer); insert into a values (3)");
  const pid = await postmaster();
  process.kill(pid, "SIGKILL");
  await vi.waitFor(async () => expect(await run(server.url, "select * from a")).toEqual([{ id: 3 }]), 10_000);
  expect(await postmaster()).not.toBe(pid);
  await server.stop();
});

test("a postmaster.pid whose number is another process's now is no hindrance, and that process lives on", async () => {
  await useCopy();
  const stranger = spawn("sleep", ["60"]);
  await writeFile(join(dataDir, "postgresql", "postmaster.pid"), `${stranger.pid}\n${join(dataDir, "postgresql")}\n1\n1\n\n\n\nready\n`);
  const server = await start();
  expect(stranger.exitCode).toBe(null);
  expect(isAlive(stranger.pid ?? 0)).toBe(true);
  stranger.kill();
  await server.stop();
});

test("setting up that was interrupted is done anew", async () => {
  await mkdir(join(dataDir, "postgresql.new", "base"), { recursive: true });
  await writeFile(join(dataDir, "postgresql.new", "PG_VERSION"), "18");
  const server = await start();
  expect(await run(server.url, "select 1 as n")).toEqual([{ n: 1 }]);
  await server.stop();
});

test("when its port is taken it takes another, and remembers that", async () => {
  await useCopy();
  const first = await start();
  await first.stop();
  const other = createServer().listen(Number(new URL(first.url).port), "127.0.0.1");
  await once(other, "listening");
  const second = await start();
  expect(second.url).not.toBe(first.url);
  await second.stop();
  other.close();
  const third = await start();
  expect(third.url).toBe(second.url);
  await third.stop();
});

test("a folder that can't be written to is told in one sentence", async () => {
  await chmod(home, 0o500);
  // Modes don't bind root: the rights of nobody, for this one start.
  if (asRoot) process.seteuid?.(65_534);
  const starting = start();
  await expect(starting.finally(() => asRoot && process.seteuid?.(0))).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^DATA_DIR \(.*\) can't be written to; correct that/),
  });
});

test("a DATA_DIR that is a file is told in one sentence", async () => {
  await mkdir(join(home, "clone"));
  await writeFile(dataDir, "");
  await expect(start()).rejects.toMatchObject({
    code: "unavailable",
    message: `DATA_DIR (${dataDir}) is not a folder; correct that, or set DATA_DIR to another folder.`,
  });
});

test("a server that can't start is told with its own reason", async () => {
  await useCopy();
  await writeFile(join(dataDir, "postgresql", "PG_VERSION"), "9.6\n");
  await expect(start()).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringMatching(/^The embedded PostgreSQL doesn't start \(.*incompatible.*\); see .*postgresql\.log\.$/),
  });
});

// The ways in which root runs it: see runAs.ts.
test.runIf(asRoot).each([
  ["an open home", 0o755],
  ["a closed home", 0o700],
])("data that belong to an ordinary user are served as that user, below %s", async (_, mode) => {
  await useCopy();
  await chmod(home, mode);
  await promisify(execFile)("chown", ["-R", "65534:65534", join(dataDir, "postgresql")]);
  const server = await start();
  expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(65534);
  expect(await run(server.url, "create table a (id integer)")).toEqual([]);
  await server.stop();
});

test.runIf(asRoot)("where root can't have a user namespace, the data are given to another user", async () => {
  const tools = join(home, "bin");
  await mkdir(tools);
  for (const tool of ["sh", "setpriv", "chown"])
    await symlink((await promisify(execFile)("which", [tool])).stdout.trim(), join(tools, tool));
  vi.stubEnv("PATH", tools);
  try {
    const server = await start();
    const { uid } = await stat(join(dataDir, "postgresql"));
    expect(uid).toBeGreaterThan(0);
    expect((await stat(`/proc/${await postmaster()}`)).uid).toBe(uid);
    await server.stop();
    await (await start()).stop();
  } finally {
    vi.unstubAllEnvs();
  }
});

// access(2), by which initdb looks for postgres, forgets capabilities unless it is told not to.
test.runIf(asRoot)("root sets one up from a clone below a closed home of somebody else", async () => {
  const native = join(home, "clone", "native");
  await mkdir(join(home, "clone"));
  await promisify(execFile)("cp", ["-a", dirname(dirname(findBinaries().postgres)), native]);
  await chmod(home, 0o700);
  await promisify(execFile)("chown", ["65533:65533", home]);
  const dataFolder = join(home, "clone", "data", "postgresql");
  await mkdir(dataFolder, { recursive: true });
  const runAs = await chooseRunAs({ binary: join(native, "bin", "postgres"), dataFolder });
  runAs.own(dataFolder);
  const { command, args, ...user } = runAs.wrap(join(native, "bin", "initdb"), [`--pgdata=${dataFolder}`, "--no-sync"]);
  await promisify(execFile)(command, args, { ...user, env: { PATH: process.env["PATH"], LC_ALL: "C" } });
  expect(await readFile(join(dataFolder, "PG_VERSION"), "utf8")).toMatch(/^\d+/);
});
