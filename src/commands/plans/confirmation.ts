import { createHash, randomInt } from "node:crypto";
import type { Keys } from "../../access/keys/keys.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { TenantSql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Args, Command } from "../command.ts";
import { findUsedBy, type Holder, insertConfirmation, useConfirmation } from "./confirmationStore.ts";
import { isSamePlan, type Planned } from "./fingerprint.ts";

/** How long a code counts (bad-input.md 4.4). */
export const confirmationMs = 60_000;

/** Without those that are taken for one another: 40 bits, which whoever writes them can spell, for a minute and one session. */
const letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const codeShape = /^[A-HJ-NP-Z2-9]{8}$/;

interface Outside {
  sql: Pick<TenantSql, "query">;
  nowMs: number;
}

/** Whether a person must say once more that they mean it. */
export function needsConfirmation(command: Command, args: Readonly<Record<string, unknown>>): boolean {
  if (command.risk !== "destructive") return false;
  return command.audience === "visitor" || command.harmless === undefined || !command.harmless(args);
}

export function confirmationNeeded(command: Pick<Command, "name">): Refusal {
  return new Refusal(
    "confirmation_needed",
    `"${command.name}" can't be taken back: ask for its plan, and run it within ${confirmationMs / 1000} seconds with the plan's hash.`,
    { path: "planHash" },
  );
}

/** A code that lets this holder do what the hash stands for, once, within a minute. `args` only where the word alone comes back. */
export async function askConfirmation(
  { sql, nowMs }: Outside,
  holder: Holder,
  { command, requestHash, args }: { command: Pick<Command, "name">; requestHash: Buffer; args: Args | undefined },
): Promise<{ code: string; expiresAt: Date }> {
  const code = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join("");
  const expiresAt = new Date(nowMs + confirmationMs);
  await insertConfirmation(sql, holder, {
    codeHash: hashOf(code),
    command: command.name,
    requestHash,
    args,
    expiresAt,
  });
  return { code, expiresAt };
}

/** Uses up the code for a run. Refusals: `confirmation_needed` without one; `stale` for one that is used, over, another's, or for what is not planned now. */
export async function requireConfirmation(
  { sql, keys, nowMs }: Outside & { keys: Keys },
  holder: Holder,
  { planned, code, run }: { planned: Planned; code: string | undefined; run: string },
): Promise<void> {
  const { command } = planned;
  if (code === undefined) throw confirmationNeeded(command);
  const used = await useConfirmation(sql, holder, { codeHash: hashOf(code), usedBy: run, now: new Date(nowMs) });
  if (used?.command !== command.name || !isSamePlan(keys, planned, used.requestHash)) throw confirmationOver(planned);
}

/** What was confirmed by its code alone, as a chat does it; `again` where this run has used it before, and may have done it. */
export async function takeConfirmed(
  { sql, nowMs }: Outside,
  holder: Holder,
  { code, run }: { code: string; run: string },
): Promise<{ command: string; args: Readonly<Record<string, unknown>> } | { again: string } | undefined> {
  const used = await useConfirmation(sql, holder, { codeHash: hashOf(code), usedBy: run, now: new Date(nowMs) });
  if (used?.args != null) return { command: used.command, args: used.args };
  const again = await findUsedBy(sql, hashOf(code), run);
  return again === undefined ? undefined : { again };
}

export function holderOf({ account, session }: Pick<AccountPrincipal, "account" | "session">): Holder {
  return { account, session };
}

/** The code in what was written, in whatever letters; undefined where it can't be one. */
export function codeIn(written: string): string | undefined {
  const code = written.normalize("NFKC").trim().toUpperCase();
  return codeShape.test(code) ? code : undefined;
}

function confirmationOver({ plan }: Planned): Refusal {
  return new Refusal(
    "stale",
    "This plan counts no more: it was used, is older than a minute, is for something else, or what it saw has changed; make a new one.",
    { path: "planHash", ...(plan.changes.length === 0 ? {} : { current: { ...plan } }) },
  );
}

function hashOf(code: string): Buffer {
  return createHash("sha256").update(code.normalize("NFKC").trim().toUpperCase()).digest();
}
