import { execFile } from "node:child_process";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const run = promisify(execFile);

test.each(["12.22.12", "18.20.0", "20.18.3"])("Node %s is refused in one sentence", async (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
  const failed = await run(process.execPath, ["--import", pretend, "src/launch/start.mjs", "--help"]).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 1,
    stdout: "",
    stderr: `Switchboard needs Node 20.19 or newer, and this is ${version}; install the current LTS from https://nodejs.org.\n`,
  });
});

test("two at once take turns, and a lock that was left behind is broken", async () => {
  const folder = await mkdtemp(join(tmpdir(), "switchboard-alone-"));
  const lock = join(folder, "lock");
  const log = join(folder, "log");
  const script = `
    import { appendFileSync } from "node:fs";
    import { setTimeout as sleep } from "node:timers/promises";
    import { alone } from "./src/launch/alone.mjs";
    await alone(${JSON.stringify(lock)}, async () => {
      appendFileSync(${JSON.stringify(log)}, "in ");
      await sleep(50);
      appendFileSync(${JSON.stringify(log)}, "out ");
    });`;
  const contend = () => run(process.execPath, ["--input-type=module", "-e", script]);
  await Promise.all([contend(), contend(), contend()]);
  await run("mkdir", [lock]);
  await utimes(lock, new Date(0), new Date(0));
  await contend();
  expect((await run("cat", [log])).stdout).toBe("in out ".repeat(4));
  await rm(folder, { recursive: true });
});

test("a fingerprint changes with a file's name, size or time, and with nothing else", async () => {
  const folder = await mkdtemp("tests/.fingerprint-");
  const script = `import { fingerprint } from "./src/launch/fingerprint.mjs"; console.log(fingerprint(["${folder}", "nothing-there"]))`;
  const now = async () => (await run(process.execPath, ["--input-type=module", "-e", script])).stdout;
  const seen = [await now()];
  const changes = [
    () => writeFile(join(folder, "a"), "1"),
    () => utimes(join(folder, "a"), 1, 1),
    () => writeFile(join(folder, "b"), "1"),
    () => rm(join(folder, "a")),
  ];
  for (const change of changes) {
    await change();
    seen.push(await now());
    expect(await now()).toBe(seen.at(-1));
  }
  expect(new Set(seen).size).toBe(seen.length);
  await rm(folder, { recursive: true });
});
