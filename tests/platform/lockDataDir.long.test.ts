import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockDataDir } from "../../src/platform/dataDir/lockDataDir.ts";
import { processIdentity } from "../../src/platform/process/processIdentity.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "switchboard-lock-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const script = (folder: string) => `
  import { lockDataDir } from "./src/platform/dataDir/lockDataDir.ts";
  try {
    const lock = await lockDataDir(${JSON.stringify(folder)});
    await lock.announce("http://127.0.0.1:3000");
    process.stdout.write("locked");
    setInterval(() => {}, 1000);
  } catch (error) {
    process.stdout.write(error.message);
  }`;

/** Another process that wants the lock: what it says first. */
async function contend(): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script(dataDir)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

test("the second is told where the first is; after kill -9 of the first, or its release, the next gets it", async () => {
  const first = await contend();
  expect(first.said).toBe("locked");
  await expect(lockDataDir(dataDir)).rejects.toMatchObject({
    code: "conflict",
    message: `Switchboard already runs on ${dataDir} (process ${first.child.pid}) at http://127.0.0.1:3000; use that one, or set another DATA_DIR and PORT.`,
  });
  await kill(first.child);
  const lock = await lockDataDir(dataDir);
  const second = await contend();
  expect(second.said).toContain(`(process ${process.pid}) and is still starting`);
  await lock.release();
  expect(await readdir(dataDir)).toEqual([]);
  const third = await contend();
  expect(third.said).toBe("locked");
  await Promise.all([kill(second.child), kill(third.child)]);
});

test("of many at once exactly one gets it, also where a dead one's lock lies", async () => {
  await writeFile(join(dataDir, "lock.json"), JSON.stringify({ pid: 1, identity: "0@before", address: "" }));
  const contenders = await Promise.all(Array.from({ length: 5 }, contend));
  expect(contenders.filter(({ said }) => said === "locked")).toHaveLength(1);
  await Promise.all(contenders.map(({ child }) => kill(child)));
});

test.each([
  ["a process with the same number that started later", () => ({ pid: process.ppid, identity: "0@before", address: "" })],
  [
    "our own number, from before a restart of the machine",
    () => ({ pid: process.pid, identity: processIdentity(process.pid), address: "" }),
  ],
  ["a number that nobody has", () => ({ pid: 2 ** 22 - 1, identity: "0@now", address: "" })],
])("a lock that names %s is taken over", async (_, holder) => {
  await writeFile(join(dataDir, "lock.json"), JSON.stringify(holder()));
  const lock = await lockDataDir(dataDir);
  expect(JSON.parse(await readFile(join(dataDir, "lock.json"), "utf8")).pid).toBe(process.pid);
  await lock.release();
});

test("half a lock file is taken over, and so is a takeover that was killed", async () => {
  await writeFile(join(dataDir, "lock.json"), '{"pid": 1');
  await (await lockDataDir(dataDir)).release();
  await writeFile(join(dataDir, "lock.json"), "");
  await mkdir(join(dataDir, "lock.json.takeover"));
  await utimes(join(dataDir, "lock.json.takeover"), new Date(0), new Date(0));
  await (await lockDataDir(dataDir)).release();
});
