import { userInfo } from "node:os";
import type { Passwords } from "../access/accounts/passwords.ts";
import { verifyAudit } from "../access/audit/verifyAudit.ts";
import type { SuperAdmin } from "../access/super/superAdmin.ts";
import { listSuperAdmins } from "../access/super/superAdminStore.ts";
import {
  activateSuperAdmin,
  addSuperAdmin,
  deactivateSuperAdmin,
  needRoom,
  type OnServer,
  readSuperAdmin,
  removeSuperAdmin,
  resetSuperAdmin,
  rotateSuperAdmin,
} from "../access/super/superAdmins.ts";
import type { Config } from "../config.ts";
import { systemClock } from "../platform/clock/clock.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../protocol/refusal.ts";
import { Interrupted } from "./exitCodes.ts";
import type { Terminal } from "./terminal.ts";

/** What a verb works with once the database is open. */
export interface Working {
  config: Pick<Config, "superAdminsAtMost">;
  database: Database;
  where: string;
  terminal: Terminal;
  passwords: Passwords;
}

/** Of whoever gets a one-time secret: how it reaches them. */
export interface FirstPassword {
  passwordStdin?: boolean;
}

/** Before the database is opened: what is secret must reach a person, and nobody else. Refusal `invalid_value`. */
export function checkTerminal({ hasPerson }: Pick<Terminal, "hasPerson">, { passwordStdin }: FirstPassword): void {
  if (hasPerson || passwordStdin === true) return;
  throw new Refusal(
    "invalid_value",
    "This needs a terminal, where only you read the secret that it shows; in a script bring a first password with --password-stdin.",
  );
}

export async function add(working: Working, given: { email?: string; name?: string } & FirstPassword): Promise<void> {
  const { terminal, where } = working;
  terminal.tell(`Database: ${where}`);
  await needRoom(working, onServer(working));
  const asked = terminal.hasPerson && given.passwordStdin !== true;
  const email = await givenOrAsked(asked, given.email, "email", () =>
    terminal.ask("Mail address: ", (email) => readSuperAdmin({ email, name: "unknown" }).email),
  );
  const name = await givenOrAsked(asked, given.name, "name", () =>
    terminal.ask("Name: ", (name) => readSuperAdmin({ email: "unknown@example.org", name }).name),
  );
  readSuperAdmin({ email, name });
  if (asked) await confirm(terminal, `Make ${name} <${email}> a super admin there?`);
  const brought = given.passwordStdin === true ? { password: await terminal.readPassword() } : {};
  const { secret } = await addSuperAdmin(outside(working), onServer(working), { email, name, ...brought });
  terminal.tell(`${name} is a super admin now.`);
  tellSecret(terminal, email, given, secret);
}

async function givenOrAsked(asked: boolean, given: string | undefined, path: string, ask: () => Promise<string>): Promise<string> {
  if (given !== undefined) return given;
  if (asked) return await ask();
  throw new Refusal("invalid_value", `Nobody is there to be asked: say --${path}.`, { path });
}

export async function list({ database, terminal }: Working): Promise<void> {
  const admins = await listSuperAdmins(database.acrossTenants);
  if (admins.length === 0) terminal.tell('There is no super admin yet; "add" makes one.');
  const rows = admins.map((admin) => [admin.email, admin.name, admin.active ? "active" : "inactive", standingOf(admin)]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  for (const row of rows) terminal.print(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

function standingOf({ secretExpiresAt, verified, enrolled }: SuperAdmin): string {
  if (secretExpiresAt !== null) {
    const until = secretExpiresAt.toISOString().slice(0, 16).replace("T", " ");
    return secretExpiresAt.getTime() > systemClock.now()
      ? `first sign-in until ${until} UTC`
      : `the secret expired ${until} UTC; rotate it`;
  }
  if (!verified) return "mail not confirmed";
  return enrolled ? "set up" : "second factor not enrolled";
}

export async function activate(working: Working, email: string): Promise<void> {
  const { name } = await activateSuperAdmin(outside(working), onServer(working), email);
  working.terminal.tell(`${name} is active.`);
}

export async function deactivate(working: Working, email: string): Promise<void> {
  const { name } = await deactivateSuperAdmin(outside(working), onServer(working), email);
  working.terminal.tell(`${name} is not active any more; their sessions have ended.`);
}

export async function renew(
  working: Working,
  verb: "rotate" | "reset",
  email: string,
  { yes, ...first }: { yes?: boolean } & FirstPassword,
): Promise<void> {
  const { terminal, where } = working;
  terminal.tell(`Database: ${where}`);
  const what = verb === "reset" ? "Password, confirmed mail and second factor" : "The password";
  if (yes !== true) await confirm(terminal, `${what} of ${email} will be gone, and all their sessions end. Go on?`);
  const brought = first.passwordStdin === true ? { password: await terminal.readPassword() } : {};
  const run = verb === "reset" ? resetSuperAdmin : rotateSuperAdmin;
  const { admin, secret } = await run(outside(working), onServer(working), email, brought);
  terminal.tell(`${admin.name} begins anew.`);
  tellSecret(terminal, admin.email, first, secret);
}

export async function remove(working: Working, email: string, { yes }: { yes?: boolean }): Promise<void> {
  const { terminal, where } = working;
  terminal.tell(`Database: ${where}`);
  if (yes !== true) await confirm(terminal, `Delete the super admin ${email} for good?`);
  const { name } = await removeSuperAdmin(outside(working), onServer(working), email);
  terminal.tell(`${name} is deleted.`);
}

/** Refusal `conflict` where a chain has a flaw: each was named before. */
export async function auditVerify({ database, terminal }: Working): Promise<void> {
  const { chains, flaws } = await verifyAudit({ database });
  for (const { tenant, entries, seq, hash } of chains)
    terminal.print(`${tenant ?? "installation"}  ${entries} entries, up to ${seq}, ${hash}`);
  for (const { tenant, seq, what } of flaws) terminal.print(`${tenant ?? "installation"}  entry ${seq} is ${what}`);
  if (flaws.length > 0) throw new Refusal("conflict", `The audit was tampered with: ${flaws.length} flaws, named above.`);
  terminal.tell(`The audit is whole: ${chains.length === 1 ? "one chain" : `${chains.length} chains`}.`);
}

async function confirm(terminal: Terminal, question: string): Promise<void> {
  if (!terminal.hasPerson) throw new Refusal("invalid_value", "Nobody is there to be asked: say --yes.", { path: "yes" });
  const yes = await terminal.ask(`${question} [y/N] `, (answer) => /^y(es)?$/i.test(answer.trim()));
  if (!yes) throw new Interrupted();
}

/** Only where a person reads it: what is redirected has no secret in it. */
function tellSecret(terminal: Terminal, email: string, { passwordStdin }: FirstPassword, secret: string): void {
  if (passwordStdin === true) {
    terminal.tell("The password that you brought counts once, within 24 hours, at /super.");
    return;
  }
  terminal.print(`\n  Address  /super\n  Mail     ${email}\n  Secret   ${secret}\n`);
  terminal.tell('The secret counts once, within 24 hours, and is shown only here. A lost one is replaced by "rotate".');
}

function outside({ database, passwords }: Working) {
  return { database, clock: systemClock, passwords };
}

function onServer({ config }: Working): OnServer {
  return { user: userInfo().username, most: config.superAdminsAtMost };
}
