import type { Platform } from "../platform/platform.ts";
import type { Command } from "./command.ts";
import type { TenantCommands } from "./registry.ts";

/** How long what is known of a tenant's commands counts where no word came that they changed. */
const freshMs = 2000;

interface Known {
  commands: readonly Command[];
  loadedAt: number;
  /** Counts the words that something changed: what was read before the last of them is not fresh. */
  changes: number;
  loading: Promise<void> | undefined;
}

/** Commands that tenants made, as `find` finds them, kept until word of a change comes by `subject`, whose second part is the tenant. */
export function keepTenantCommands(
  { bus, clock }: Pick<Platform, "bus" | "clock">,
  subject: string,
  find: (tenant: string) => Promise<readonly Command[]>,
): TenantCommands & { stop(): void } {
  const known = new Map<string, Known>();
  const stop = bus.subscribe(subject, (heard) => {
    const entry = known.get(heard.subject.split(".")[1] ?? "");
    if (entry === undefined) return;
    entry.changes++;
    entry.loadedAt = Number.NEGATIVE_INFINITY;
  });
  const loadNow = async (tenant: string, entry: Known) => {
    const [startedAt, changes] = [clock.monotonic(), entry.changes];
    entry.commands = await find(tenant);
    if (entry.changes === changes) entry.loadedAt = startedAt;
  };
  return {
    known: (tenant) => known.get(tenant)?.commands ?? none,
    load: async (tenant) => {
      const entry = known.get(tenant) ?? { commands: none, loadedAt: Number.NEGATIVE_INFINITY, changes: 0, loading: undefined };
      if (clock.monotonic() - entry.loadedAt < freshMs) return;
      known.set(tenant, entry);
      entry.loading ??= loadNow(tenant, entry).finally(() => {
        entry.loading = undefined;
      });
      await entry.loading;
    },
    stop,
  };
}

const none: readonly Command[] = [];

/** Of several makers as of one: the same array as long as each of them knows nothing new. */
export function joinTenantCommands(makers: readonly TenantCommands[]): TenantCommands {
  const joined = new Map<string, { parts: readonly (readonly Command[])[]; commands: readonly Command[] }>();
  return {
    known: (tenant) => {
      const parts = makers.map((maker) => maker.known(tenant));
      const before = joined.get(tenant);
      if (before?.parts.every((part, index) => part === parts[index]) === true) return before.commands;
      const commands = parts.every((part) => part.length === 0) ? none : parts.flat();
      joined.set(tenant, { parts, commands });
      return commands;
    },
    load: async (tenant) => {
      await Promise.all(makers.map((maker) => maker.load(tenant)));
    },
  };
}
