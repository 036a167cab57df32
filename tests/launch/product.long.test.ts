import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { isAlive } from "../../src/platform/process/processIdentity.ts";
import { spawnProduct, untilItSays } from "../fixtures/runningProduct.ts";
import { openVisitor } from "../fixtures/visitorClient.ts";

/** The built product as `npm start` runs it on a machine with nothing else: the embedded database, and one process. */
describe("on the embedded database", () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "switchboard-product-"));
  });
  const started: ChildProcess[] = [];
  afterAll(async () => {
    // Those that a failure left; a killed one's PostgreSQL would outlive it.
    for (const child of started.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill("SIGINT");
      await once(child, "exit");
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  const settings = () => ({ PORT: "0", DATA_DIR: dataDir, LOG_LEVEL: "warn", PASSWORD_COST: "low", DEMO_SHOP: "off" });

  async function start() {
    const child = spawnProduct(settings());
    started.push(child);
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    const url = await untilItSays(child, /runs at (http\S+)[\s\S]*demo\.json/);
    const end = async (signal: NodeJS.Signals) => {
      const ended = once(child, "exit");
      child.kill(signal);
      const [code] = await ended;
      return code;
    };
    return { url, said: () => said, pid: child.pid ?? 0, end };
  }

  /** Says something in a new conversation, and answers what brings it back. */
  async function say(url: string, words: string): Promise<{ inbox: string; token: string; words: string }> {
    const inbox = /data-inbox="([^"]+)"/.exec(await (await fetch(`${url}/`)).text())?.[1] ?? "";
    const page = await openVisitor(url, inbox);
    const { token } = await page.hello();
    await page.say(words);
    await page.close();
    return { inbox, token, words };
  }

  async function expectThere(url: string, { inbox, token, words }: Awaited<ReturnType<typeof say>>): Promise<void> {
    const page = await openVisitor(url, inbox);
    await page.hello({ token, after: 0 });
    await page.until("message", (message) => message.text === words);
    await page.close();
  }

  test("it says where it runs, ends whole by Ctrl-C, and after that and after kill -9 everything is there", async () => {
    const first = await start();
    for (const [name, path] of [
      ["chat", "/"],
      ["desk", "/desk"],
      ["api", "/api/docs"],
      ["mail", "/mailbox"],
    ]) {
      expect(first.said()).toMatch(new RegExp(`^  ${name} +${first.url}${path}$`, "m"));
      expect((await fetch(`${first.url}${path}`)).status, name).toBe(200);
    }
    expect(first.said()).toMatch(/^ {2}agent1@demo\.example {2}\S+ {2}\(agent\)$/m);
    const beforeInterrupt = await say(first.url, "said before Ctrl-C");
    const children = await descendantsOf(first.pid);
    expect(children.length).toBeGreaterThan(0);
    expect(await first.end("SIGINT")).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);

    const second = await start();
    expect(second.said()).toMatch(/^How to sign in stands in /m);
    await expectThere(second.url, beforeInterrupt);
    const beforeKill = await say(second.url, "said before kill -9");
    const orphans = await descendantsOf(second.pid);
    expect(orphans.length).toBeGreaterThan(0);
    await second.end("SIGKILL");

    const third = await start();
    expect(orphans.filter(isAlive)).toEqual([]);
    await expectThere(third.url, beforeInterrupt);
    await expectThere(third.url, beforeKill);

    const refused = await startRefused(settings());
    expect(refused).toEqual({
      code: 1,
      said: `Switchboard already runs on ${dataDir} (process ${third.pid}) at ${third.url}; use that one, or set another DATA_DIR and PORT.\n`,
    });
    await expectThere(third.url, beforeKill);
    expect(await third.end("SIGTERM")).toBe(0);
  }, 90_000);
});

/** What this process started, and what that started. */
async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const all = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => all.flatMap(([child = 0, of]) => (of === parent ? [child, ...below(child)] : []));
  return below(pid);
}

async function startRefused(settings: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return await ended(spawnProduct(settings));
}

async function ended(child: ReturnType<typeof spawnProduct>): Promise<{ code: number | null; said: string }> {
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code, said: stdout + stderr };
}

describe("a start that can't be is told in one sentence of what and what to do, without a stack, and ends with 1:", () => {
  let home: string;
  const taken = createServer();
  /** Takes connections, and says nothing. */
  const mute = createServer();
  const port = (server: typeof taken) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), "switchboard-product-"));
    await chmod(home, 0o500);
    for (const server of [taken, mute]) await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterAll(async () => {
    for (const server of [taken, mute]) server.close();
    await rm(home, { recursive: true, force: true });
  });

  const database = (change: Partial<Pick<URL, "host" | "pathname" | "password">>) =>
    Object.assign(new URL(inject("databaseUrl")), change).href;
  const production = { STAGE: "production", PUBLIC_URL: "https://chat.example.com" };
  // Modes don't bind root; in /proc nobody makes a file.
  const closed = () => (process.getuid?.() === 0 ? "/proc" : home);

  test.each<[what: string, settings: () => Record<string, string>, sentence: RegExp]>([
    [
      "a taken port",
      () => ({ PORT: String(port(taken)) }),
      /^Port \d+ on 127\.0\.0\.1 is taken by .*; end it, or set PORT to a free one\./,
    ],
    ["an address that isn't this machine's", () => ({ HOST: "192.0.2.1" }), /^HOST 192\.0\.2\.1 can't be .*; set HOST to an address of /],
    ["a port that is a word", () => ({ PORT: "web" }), /^The setting PORT must be a number from 0 to 65535; /],
    ["a database of another kind", () => ({ DATABASE_URL: "mysql://localhost/x" }), /^The setting DATABASE_URL must be a URL that begins /],
    [
      "no database server",
      () => ({ DATABASE_URL: database({ host: "127.0.0.1:9" }) }),
      /^Nothing listens at 127\.0\.0\.1:9; start .* DATABASE_URL/,
    ],
    [
      "no such host",
      () => ({ DATABASE_URL: database({ host: "nowhere.invalid" }) }),
      /^The host "nowhere\.invalid" of DATABASE_URL .* correct it/,
    ],
    [
      "no such database",
      () => ({ DATABASE_URL: database({ pathname: "/nothing" }) }),
      /^PostgreSQL at .* has no database "nothing"; create it/,
    ],
    [
      "a wrong password",
      () => ({ DATABASE_URL: database({ password: "wrong" }) }),
      /^PostgreSQL at .* refuses the user ".*correct DATABASE_URL/,
    ],
    [
      "a mute database",
      () => ({ DATABASE_URL: database({ host: `127.0.0.1:${port(mute)}` }) }),
      /^PostgreSQL at .* can't be used .*check DATABASE_URL/,
    ],
    ["a bus of another kind", () => ({ NATS_URL: "http://localhost:4222" }), /^The setting NATS_URL must be a URL that begins with nats:/],
    [
      "no bus",
      () => ({ NATS_URL: "nats://127.0.0.1:9" }),
      /^NATS can't be reached at 127\.0\.0\.1:9 .*; start it there, or correct NATS_URL/,
    ],
    [
      "a mute bus",
      () => ({ NATS_URL: `nats://127.0.0.1:${port(mute)}` }),
      /^127\.0\.0\.1:\d+ doesn't answer as NATS does; correct NATS_URL/,
    ],
    [
      "a folder that can't be written to",
      () => ({ DATA_DIR: closed() }),
      /^DATA_DIR \(.*\) can't be .*; correct that, or set DATA_DIR to another/,
    ],
    ["no folder at all", () => ({ DATA_DIR: "/dev/null/data" }), /^DATA_DIR \(.*\) is not a folder; correct that, or set DATA_DIR to /],
    ["production without a key", () => production, /^The setting SECRET_KEY is required in production: 32 random characters/],
    ["production without an address", () => ({ STAGE: "production" }), /^The setting PUBLIC_URL is required in production: the address/],
    ["a part without a bus", () => ({ ROLE: "gateway" }), /^ROLE splits the product into processes, which need NATS_URL/],
  ])("%s", async (_what, settings, sentence) => {
    const dataDir = await mkdtemp(join(tmpdir(), "switchboard-product-"));
    const { code, said } = await startRefused({ PORT: "0", DATA_DIR: dataDir, ...settings() });
    await rm(dataDir, { recursive: true, force: true });
    expectSentence(said, sentence);
    expect(code).toBe(1);
  });

  test("a full disk", async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "switchboard-product-"));
    // A disk that only this process sees, so that whoever runs the test may make it.
    const full = 'mount -t tmpfs -o size=64k none "$0" && (head -c 128k /dev/zero > "$0/full" 2> /dev/null; exec "$1" dist/main.js)';
    const command = ["--user", "--map-root-user", "--mount", "sh", "-c", full, dataDir, process.execPath];
    const env = { PATH: process.env["PATH"] ?? "", PORT: "0", DATA_DIR: dataDir };
    const { code, said } = await ended(spawn("unshare", command, { env, stdio: ["ignore", "pipe", "pipe"] }));
    await rm(dataDir, { recursive: true, force: true });
    expectSentence(said, /^DATA_DIR \(.*\) is on a full disk; correct that, or set DATA_DIR to another folder\./);
    expect(code).toBe(1);
  });
});

function expectSentence(said: string, sentence: RegExp): void {
  expect(said).toMatch(sentence);
  expect(said).toMatch(/^[^\n]+\.\n$/);
  expect(said).not.toMatch(/^ {4}at /m);
}
