import type { Keys } from "../../access/keys/keys.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Command } from "../command.ts";
import type { Registry } from "../registry.ts";

/** What people are told of a run that waits, or waited, for them: by whatever tells them (`notices`, joined by `compose`). */
export interface RunNotice {
  run: string;
  /** `approval`: they may decide; `run`: what they asked for was decided, or the glass was broken. */
  kind: "approval" | "run";
  accounts: readonly string[];
  /** In words: `role.grant, asked for by Ann`. */
  what: string;
}

export interface RunOutside extends Pick<Platform, "database" | "bus" | "clock" | "log"> {
  keys: Keys;
  registry: Pick<Registry, "of" | "load">;
  tellOfRun?: ((tenant: string, notice: RunNotice) => Promise<void>) | undefined;
}

/** The command of this name, as it is for the tenant now. */
export async function commandOf({ registry }: Pick<RunOutside, "registry">, tenant: string, name: string): Promise<Command | undefined> {
  await registry.load(tenant);
  return registry.of(tenant).find(name);
}

/** Heard by whoever shows runs of the tenant. */
export function runsSubject(tenant: string): string {
  return `tenant.${tenant}.runs`;
}

/** Heard by the process that runs it. */
export function stopSubject(tenant: string, run: string): string {
  return `tenant.${tenant}.stop.${run}`;
}

export function announceRun({ bus }: Pick<RunOutside, "bus">, tenant: string, run: string): void {
  bus.publish(runsSubject(tenant), { run });
}
