import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openPseudoTerminal } from "../fixtures/pseudoTerminal.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";

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

/** Without a terminal, as a script has it; `brought` comes by standard input. */
async function su(args: string[], { url = database.url, brought = "" } = {}): Promise<Ended> {
  const child = spawn(process.execPath, ["dist/su.js", ...args], { env: { PATH: process.env["PATH"] ?? "", DATABASE_URL: url } });
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

const atTerminal = (args: string) => openPseudoTerminal(`${process.execPath} dist/su.js ${args}`, { DATABASE_URL: database.url });
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

    const again = atTerminal("add --email other@example.org --name Other");
    await again.shows("[y/N]");
    again.type("y\n");
    const second = await again.ended();
    expect(second.code).toBe(3);
    expect(second.shown).toContain("SU_MAX");
    expect(second.shown).not.toMatch(/Secret/);
  });

  it("leaves nothing behind after Ctrl-C, at a question and in the middle", async () => {
    const asked = atTerminal("add --email root@example.org --name Root");
    await asked.shows("[y/N]");
    asked.type("\u0003");
    expect(await asked.ended()).toMatchObject({ code: 130 });
    await client.query("begin; select pg_advisory_xact_lock(7216442)");
    const waits = atTerminal("add --email root@example.org --name Root");
    await waits.shows("[y/N]");
    waits.type("y\n");
    await expect
      .poll(async () => (await client.query("select 1 from pg_locks where locktype = 'advisory' and not granted")).rowCount)
      .toBe(1);
    waits.type("\u0003");
    expect(await waits.ended()).toMatchObject({ code: 130 });
    await client.query("commit");
    await sleep(50);
    expect(await admins()).toEqual([]);
  });
});

describe("npm run su in a script", { timeout: 60_000 }, () => {
  it("takes a first password by standard input alone, shows no secret in what is redirected, and verifies the audit", async () => {
    const brought = (password: string) =>
      su(["add", "--email", "root@example.org", "--name", "Root", "--password-stdin"], { brought: `${password}\n` });
    const [none, short, argument] = await Promise.all([
      su(["add"]),
      brought("too short"),
      su(["add", "--password", "a quiet heron at dawn"]),
    ]);
    for (const refused of [none, short, argument]) expect(refused.code, refused.stderr).toBe(2);
    expect(none.stderr).toContain("--password-stdin");
    expect(argument.stderr).toContain("list of processes");
    expect(await admins()).toEqual([]);

    const made = await brought("a quiet heron at dawn");
    expect(made).toMatchObject({ code: 0, stdout: "" });
    expect(made.stderr).not.toContain("heron");
    const [again, list] = await Promise.all([brought("a quiet heron at dawn"), su(["list"])]);
    expect(again.code).toBe(3);
    expect(list).toMatchObject({ code: 0 });
    expect(list.stdout).toMatch(/^root@example\.org {2}Root {2}active {2}first sign-in until /);
    if (process.getuid?.() === 0) expect(list.stderr).toContain("as root");

    expect(await su(["audit", "verify"])).toMatchObject({ code: 0 });
    await client.query(
      "set session_replication_role = replica; update audit_entry set actor_name = 'nobody' where seq = 1; set session_replication_role = default",
    );
    const tampered = await su(["audit", "verify"]);
    expect(tampered.code).toBe(3);
    expect(tampered.stdout).toContain("entry 1 is altered");
  });

  it("of two at once makes one", async () => {
    const both = await Promise.all(
      ["one", "two"].map((name) =>
        su(["add", "--email", `${name}@example.org`, "--name", name, "--password-stdin"], { brought: "a quiet heron at dawn\n" }),
      ),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 3]);
    expect(await admins()).toHaveLength(1);
  });

  it("says what is wrong with the line and with the database, each with its exit code", async () => {
    const empty = await createTestDatabase("empty");
    const away = new URL(database.url);
    away.port = "1";
    const [help, flag, down, unmigrated] = await Promise.all([
      su(["--help"]),
      su(["list", "--frobnicate"]),
      su(["list"], { url: away.href }),
      su(["list"], { url: empty.url }),
    ]);
    expect([help, flag].map(({ code }) => code)).toEqual([0, 2]);
    expect(help.stdout).toContain("Exit codes");
    expect([down, unmigrated].map(({ code }) => code)).toEqual([4, 4]);
    expect(down.stderr).toContain("127.0.0.1:1");
    expect(unmigrated.stderr).toContain(new URL(empty.url).pathname.slice(1));
    expect([help, flag, down, unmigrated].map(({ stderr }) => stderr).join()).not.toMatch(/\n {4}at /);
    await empty.drop();
  });
});
