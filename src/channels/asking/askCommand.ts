import { requireStepUp } from "../../access/factors/stepUp.ts";
import type { Permission } from "../../access/permissions.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { neededApprovals } from "../../commands/approvals/neededApprovals.ts";
import { checkArguments } from "../../commands/arguments.ts";
import type { Command } from "../../commands/command.ts";
import { needsConfirmation } from "../../commands/plans/confirmation.ts";
import { planRun } from "../../commands/plans/plan.ts";
import { storyOf } from "../../commands/runs/readRuns.ts";
import { type StartedRun, startRun } from "../../commands/runs/startRun.ts";
import { sleep } from "../../platform/clock/clock.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { CardData } from "../cards/cardStore.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Drawing } from "../drawing.ts";
import type { Who } from "../people/people.ts";
import { planDrawing, refusalDrawing, runDrawing } from "./drawn.ts";
import { missingOf, secretOf } from "./inputs.ts";
import { cardOf, markOf, say } from "./performing.ts";

export interface Asked {
  command: Command;
  args: Readonly<Record<string, unknown>>;
  /** Of the event: what it causes is caused once. */
  key: string;
  place: ChatPlace;
  only?: string;
}

export type Asker = Who & { principal: AccountPrincipal };

/** What answers sooner is never seen running. */
const momentMs = 1500;

/**
 * Goes on with a command as far as it can: asks for what is missing, shows the plan of what changes something, runs what only reads. Everything that
 * it says is written down, once for the key.
 */
export async function askCommand(outside: ChatOutside, asker: Asker, asked: Asked): Promise<void> {
  const { command, args, key, place, only } = asked;
  const card = cardOf(asker.installation.id, key);
  const tell = (drawing: Drawing, about?: Parameters<typeof say>[2]["about"]) =>
    say(outside, asker, { key, place, drawing, ...(only === undefined ? {} : { only }), ...(about === undefined ? {} : { about }) });
  if (place.scope !== "personal" && only === undefined && isForManagers(command))
    return await tell({ text: `"${command.name}" is for those who manage this workspace: write it to me alone.` });
  const secret = secretOf(command.args);
  if (secret !== undefined)
    return await tell({
      text: `"${command.name}" takes a secret (${secret}), and what is written here stays here: run it at the desk.`,
      more: { label: "At the desk", url: deskPage(outside, "") },
    });
  if (missingOf(command.args, args) !== undefined) {
    const text = `"${command.name}": ${command.summary}`;
    const buttons = [{ verb: "fill", label: "Fill in", style: "primary", opens: true } as const];
    return await tell({ text, card: { id: card, buttons } }, { data: { kind: "form", command: command.name, args } });
  }
  try {
    if (await plansFirst(outside, asker.principal, command, args)) {
      const plan = await planRun(outside, asker.principal, command, args);
      const data = { kind: "plan", command: command.name, args, planHash: plan.hash } as const;
      return await tell(planDrawing(card, command.name, plan), { data });
    }
    await begin(outside, asker, asked, undefined);
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
    if (error.code === "step_up_needed")
      await askProof(outside, asker, { key, place, data: { kind: "form", command: command.name, args } });
    else await tell(refusalDrawing(error, asker.principal.language));
  }
}

const managing: ReadonlySet<Permission> = new Set<Permission>([
  "people.manage",
  "roles.manage",
  "tenant.manage",
  "keys.manage",
  "audit.read",
]);

/** What it asks and answers is nothing for others who read along (bad-input 4.3). */
function isForManagers(command: Command): boolean {
  return command.audience === "staff" && managing.has(command.permission);
}

/** Whether somebody must see first what it would do. */
async function plansFirst(
  { database }: ChatOutside,
  principal: AccountPrincipal,
  command: Command,
  given: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const args = checkArguments(command.args, given);
  if (command.risk === "read") return false;
  if (needsConfirmation(command, args) || (command.audience === "staff" && command.plan !== undefined)) return true;
  return (await neededApprovals(database.forTenant(principal.tenant), { command, principal, args })).rules.length > 0;
}

/** What a session that was left open is not enough for, and what can't be taken back, needs the second factor, here, again. */
export async function askProof(
  outside: ChatOutside,
  { installation, person }: Asker,
  { key, place, data }: Pick<Asked, "key" | "place"> & { data: CardData },
): Promise<void> {
  const id = cardOf(installation.id, `${key} proof`);
  const text = "Say again who you are, by your second factor: then it goes on.";
  const card = { id, buttons: [{ verb: "prove", label: "Say who I am", style: "primary", opens: true }] } as const;
  await say(outside, { installation, person }, { key: `${key} proof`, place, only: person.user, drawing: { text, card }, about: { data } });
}

/**
 * Runs it, once for the key, and says what became of it; what takes longer is said as running, and drawn anew as it goes on. Refusals: those of
 * `startRun`; `step_up_needed` for whatever can't be taken back.
 */
export async function begin(
  outside: ChatOutside,
  asker: Asker,
  { command, args, key, place, only }: Asked,
  planHash: string | undefined,
): Promise<void> {
  if (needsConfirmation(command, args)) await requireStepUp(outside, asker.principal);
  const started = await startRun(outside, {
    command,
    principal: asker.principal,
    args,
    idempotencyKey: `${asker.installation.app.service}:${key}`.slice(0, 200),
    planHash,
  });
  await Promise.race([started.ended, sleep(outside.clock, momentMs)]);
  await tellRun(outside, asker, started, { key, place, ...(only === undefined ? {} : { only }) });
}

async function tellRun(
  outside: ChatOutside,
  asker: Asker,
  { running }: StartedRun,
  { key, place, only }: Pick<Asked, "key" | "place" | "only">,
): Promise<void> {
  const card = cardOf(asker.installation.id, `${key} run`);
  const story = await storyOf(outside, asker.principal, running.id);
  const drawing = runDrawing(card, story, asker.principal.account, (path) => deskPage(outside, path));
  await say(outside, asker, {
    key: `${key} run`,
    place,
    ...(only === undefined ? {} : { only }),
    drawing,
    about: { data: { kind: "run" }, run: running.id, drawn: markOf(story.state, drawing) },
  });
}

export function deskPage({ publicUrl }: Pick<ChatOutside, "publicUrl">, path: string): string {
  return `${publicUrl}/desk#/${path}`;
}
