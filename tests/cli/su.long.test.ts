import { spawn } from "node:child_process";
import { once } from "node:events";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { suProgram } from "../../src/cli/program.ts";
import { runSu } from "../../src/cli/runSu.ts";
import { openPseudoTerminal } from "../fixtures/pseudoTerminal.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";
import { openTypist } from "../fixtures/typist.ts";

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(database.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});
beforeEach(() => client.query("delete from super_admin"));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const good = "a quiet heron at dawn";
const root = ["--email", "root@example.org", "--name", "Root"];

/** The program itself, without a terminal, as a script has it; `brought` comes by standard input. */
async function su(words: string[], { url = database.url, brought = "" } = {}): Promise<Ended> {
  const child = spawn(process.execPath, ["dist/su.js", ...words], { env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: url } });
  const ended = { code: null, stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    ended.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    ended.stderr += text;
  });
  child.stdin.end(brought);
  await once(child, "close");
  return { ...ended, code: child.exitCode };
}

/** The same line in this process: a program takes half a second to begin. `answers` are typed by a person, `brought` comes from a script. */
async function line(words: string[], { url = database.url, ...typed }: { url?: string; answers?: string[]; brought?: string } = {}) {
  const typist = openTypist(typed);
  const { ended } = runSu({ words, env: { DATABASE_URL: url }, terminal: typist.terminal, hashCost: { memoryKiB: 1024, passes: 1 } });
  return { code: await ended, stdout: typist.printed(), stderr: typist.told() };
}

const atTerminal = (words: string) => openPseudoTerminal(`${process.execPath} dist/su.js ${words}`, { DATABASE_URL: database.url });
const admins = async () => (await client.query("select email, name, secret_hash from super_admin")).rows;

// script(1) of util-linux; that of other systems takes other options.
describe.skipIf(process.platform !== "linux")("npm run su at a terminal", { timeout: 60_000 }, () => {
  it("asks, tells which database, shows the secret once, and keeps its hash; the second is refused", async () => {
    const terminal = atTerminal("add");
    await terminal.shows("Mail address:");
    terminal.type("not a mail\n");
    await terminal.shows("is not a mail address");
    terminal.type("root@example.org\n");
    await terminal.shows("Name:");
    terminal.type("Root\n");
    await terminal.shows("[y/N]");
    terminal.type("y\n");
    const { shown, code } = await terminal.ended();
    expect(code).toBe(0);
    expect(shown).toContain(new URL(database.url).host);
    expect(shown).not.toContain(new URL(database.url).password);
    const [, secret = ""] = /Secret +(\S+)/.exec(shown) ?? [];
    expect(secret).toMatch(/^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$/);
    const [row] = await admins();
    expect(row).toMatchObject({ email: "root@example.org", name: "Root" });
    expect(JSON.stringify(row)).not.toContain(secret);

    const second = await line(["add"], { answers: [] });
    expect(second.code).toBe(3);
    expect(second.stderr).toContain("SU_MAX");
    expect(second.stdout).toBe("");
  });

  it("leaves nothing behind after Ctrl-C, at a question and in the middle", async () => {
    await client.query("begin; select pg_advisory_xact_lock(7216442)");
    const [asked, waits] = [atTerminal(`add ${root.join(" ")}`), atTerminal(`add ${root.join(" ")}`)];
    await asked.shows("[y/N]");
    asked.type("\u0003");
    await waits.shows("[y/N]");
    waits.type("y\n");
    await expect
      .poll(async () => (await client.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).rowCount)
      .toBe(1);
    waits.type("\u0003");
    expect([(await asked.ended()).code, (await waits.ended()).code]).toEqual([130, 130]);
    await client.query("commit");
    // Whoever had the lock after the one who left would have it now.
    await client.query("begin; select pg_advisory_xact_lock(7216442); commit");
    expect(await admins()).toEqual([]);
  });
});

describe("npm run su in a script", { timeout: 60_000 }, () => {
  const brought = (password: string) => line(["add", ...root, "--password-stdin"], { brought: `${password}\n` });

  it("sec/auth/18 takes a first password by standard input alone, and shows no secret in what is redirected", async () => {
    const [none, short, argument] = [await line(["add"]), await brought("too short"), await line(["add", "--password", good])];
    for (const refused of [none, short, argument]) expect(refused.code, refused.stderr).toBe(2);
    expect(none.stderr).toContain("--password-stdin");
    expect(argument.stderr).toContain("list of processes");
    expect(await admins()).toEqual([]);

    const made = await brought(good);
    expect(made).toMatchObject({ code: 0, stdout: "" });
    expect(made.stderr).not.toContain("heron");
    const [again, list] = [await brought(good), await line(["list"])];
    expect(again.code).toBe(3);
    expect(list).toMatchObject({ code: 0 });
    expect(list.stdout).toMatch(/^root@example\.org {2}Root {2}active {2}first sign-in until /);
    if (process.getuid?.() === 0) expect(list.stderr).toContain("as root");
  });

  it("leaves nothing behind where its terminal is closed, and takes no name that reads as another", async () => {
    const child = spawn(process.execPath, ["dist/su.js", "add", ...root, "--password-stdin"], {
      env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: database.url },
    });
    for await (const text of child.stderr.setEncoding("utf8")) if (String(text).includes("Database:")) break;
    child.kill("SIGHUP");
    expect(await once(child, "exit")).toEqual([130, null]);
    for (const name of ["A\u202etooR", "\u2066Root\u2069", "Ro\u001bot"])
      expect(
        await line(["add", "--email", "root@example.org", "--name", name, "--password-stdin"], { brought: `${good}\n` }),
      ).toMatchObject({
        code: 2,
      });
    expect(await admins()).toEqual([]);
  });

  it("has every verb, and each says what it did, or why it can't", async () => {
    await brought(good);
    const who = "root@example.org";
    expect(await line(["deactivate", who])).toMatchObject({ code: 0, stderr: expect.stringContaining("not active any more") });
    expect(await line(["activate", who])).toMatchObject({ code: 0, stderr: expect.stringContaining("is active") });
    for (const verb of ["rotate", "reset"]) {
      const renewed = await line([verb, who], { answers: ["y"] });
      expect(renewed).toMatchObject({ code: 0, stdout: expect.stringMatching(/Secret +\S{39}/) });
      expect(await line([verb, who], { answers: ["n"] })).toMatchObject({
        code: 130,
        stderr: expect.stringContaining("Nothing was changed"),
      });
      expect(await line([verb, who])).toMatchObject({ code: 2 });
    }
    expect(await line(["delete", who])).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
    expect(await line(["delete", who, "--yes"])).toMatchObject({ code: 0 });
    // Of whoever isn't there; a new verb has no row here until somebody writes it.
    const absent: Record<string, [words: string[], code: number]> = {
      add: [[], 2],
      list: [[], 0],
      activate: [[who], 3],
      deactivate: [[who], 3],
      rotate: [[who, "--yes", "--password-stdin"], 3],
      reset: [[who, "--yes", "--password-stdin"], 3],
      delete: [[who, "--yes"], 3],
      audit: [["verify"], 0],
    };
    const verbs = suProgram(async () => {}, { print: () => {} }).commands.map((command) => command.name());
    expect(verbs).toEqual(Object.keys(absent));
    for (const [verb, [words, code]] of Object.entries(absent)) {
      expect([verb, (await line([verb, ...words], { brought: `${good}\n` })).code]).toEqual([verb, code]);
      if (words[0] === who) expect([verb, (await line([verb])).code]).toEqual([verb, 2]);
    }
  });

  it("verifies the audit, and names the entry that was altered", async () => {
    await brought(good);
    expect(await line(["audit", "verify"])).toMatchObject({ code: 0 });
    await client.query(
      "set session_replication_role = replica; update audit_entry set actor_name = 'nobody' where seq = 1; set session_replication_role = default",
    );
    const tampered = await line(["audit", "verify"]);
    expect(tampered.code).toBe(3);
    expect(tampered.stdout).toContain("entry 1 is altered");
  });

  it("of two programs at once makes one", async () => {
    const both = await Promise.all(
      ["one", "two"].map((name) =>
        su(["add", "--email", `${name}@example.org`, "--name", name, "--password-stdin"], { brought: `${good}\n` }),
      ),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 3]);
    expect(both.map(({ stdout }) => stdout)).toEqual(["", ""]);
    expect(await admins()).toHaveLength(1);
  });

  it("says what is wrong with the line and with the database, each with its exit code", async () => {
    const empty = await createTestDatabase("empty");
    const away = new URL(database.url);
    away.port = "1";
    const [help, flag, down] = await Promise.all([su(["--help"]), su(["list", "--frobnicate"]), su(["list"], { url: away.href })]);
    const [bare, unmigrated] = [await line([]), await line(["list"], { url: empty.url })];
    expect([help, flag, bare].map(({ code }) => code)).toEqual([0, 2, 2]);
    expect(help.stdout).toContain("Exit codes");
    expect([down, unmigrated].map(({ code }) => code)).toEqual([4, 4]);
    expect(down.stderr).toContain("127.0.0.1:1");
    expect(unmigrated.stderr).toContain(new URL(empty.url).pathname.slice(1));
    expect([help, flag, down, unmigrated].map(({ stderr }) => stderr).join()).not.toMatch(/\n {4}at /);
    await empty.drop();
  });
});
