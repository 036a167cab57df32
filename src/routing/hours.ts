import type { Platform } from "../platform/platform.ts";
import { presenceSubject } from "./presence.ts";
import { teamsWithPeople } from "./presenceStore.ts";
import { type Absence, absenceAt, readTenantHours, type TenantHours } from "./tenantHours.ts";

/** Whether people answer, for whoever has to say so. What it knows is at most 3 s old. */
export interface Hours {
  /** Why nobody of this inbox answers; undefined where somebody can. */
  absence(tenant: string, inbox: string): Promise<Absence | undefined>;
  /** `changed` is called whenever an absence of the tenant may have begun, changed or ended; the answer stops it. */
  watch(tenant: string, changed: () => void): () => void;
  stop(): void;
}

export function hoursSubject(tenant: string): string {
  return `tenant.${tenant}.hours`;
}

/** Calendars, who keeps them, or what is said of them were changed: whoever shows hours reads them again. */
export function hoursChanged({ bus }: Pick<Platform, "bus">, tenant: string): void {
  bus.publish(hoursSubject(tenant), {});
}

const lookEveryMs = 3000;
/** Changes are gathered for so long before they are looked at. */
const gatherMs = 200;
/** Calendars are read again anyway, for what the bus didn't bring. */
const readEveryMs = 30_000;

export function openHours(platform: Pick<Platform, "database" | "bus" | "clock" | "log">): Hours {
  const { database, clock, log } = platform;
  const tenants = new Map<string, KnownTenant>();
  const failed = (error: unknown) => log.warn({ error: error instanceof Error ? error.message : "unknown" }, "could not read the hours");
  const known = (tenant: string) => {
    const there = tenants.get(tenant) ?? new KnownTenant(platform, tenant, failed);
    tenants.set(tenant, there);
    return there;
  };

  let stopped = false;
  /** Of all tenants that are watched at once: nobody says that a gateway died, nor that it has become five o'clock. */
  const look = async () => {
    for (const [tenant, each] of tenants) if (each.idle) tenants.delete(tenant);
    const watched = [...tenants.values()].filter((each) => each.watched);
    if (watched.length === 0) return;
    const ids = watched.map(({ tenant }) => tenant);
    const people = await teamsWithPeople(database.acrossTenants, ids);
    for (const each of watched) await each.look(people.get(each.tenant) ?? new Map());
  };
  const lookLater = () => {
    clock.after(lookEveryMs, () => {
      if (!stopped) look().catch(failed).finally(lookLater);
    });
  };
  lookLater();

  return {
    absence: async (tenant, inbox) => await known(tenant).absence(inbox),
    watch: (tenant, changed) => known(tenant).watch(changed),
    stop: () => {
      stopped = true;
      for (const each of tenants.values()) each.end();
    },
  };
}

class KnownTenant {
  readonly tenant: string;
  readonly #platform: Pick<Platform, "database" | "bus" | "clock">;
  readonly #failed: (error: unknown) => void;
  readonly #watchers = new Set<() => void>();
  #hours: Promise<TenantHours> | undefined;
  #readAt = Number.NEGATIVE_INFINITY;
  /** By inbox what was found lately: ten thousand who come back at once get one answer. */
  #found = new Map<string, { at: number; absence: Absence | undefined }>();
  #told = "";
  #gathering = false;
  #unsubscribe: (() => void) | undefined;

  constructor(platform: Pick<Platform, "database" | "bus" | "clock">, tenant: string, failed: (error: unknown) => void) {
    this.#platform = platform;
    this.tenant = tenant;
    this.#failed = failed;
  }

  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  /** Nobody watches it, and what it knows is old. */
  get idle(): boolean {
    return !this.watched && this.#platform.clock.monotonic() - this.#readAt > readEveryMs;
  }

  async absence(inbox: string): Promise<Absence | undefined> {
    const maxAge = this.watched ? readEveryMs + lookEveryMs : lookEveryMs;
    const hours = await (this.#platform.clock.monotonic() - this.#readAt < maxAge && this.#hours !== undefined
      ? this.#hours
      : this.#read());
    const now = this.#platform.clock.now();
    const last = this.#found.get(inbox);
    if (last !== undefined && now >= last.at && now - last.at < 1000) return last.absence;
    const absence = absenceAt(hours, inbox, now);
    this.#found.set(inbox, { at: now, absence });
    return absence;
  }

  watch(changed: () => void): () => void {
    if (this.#unsubscribe === undefined) this.#begin();
    this.#watchers.add(changed);
    return () => {
      this.#watchers.delete(changed);
      if (this.#watchers.size === 0) this.end();
    };
  }

  end(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** Compares with what was told last, with whether somebody is at the desk by now. */
  async look(people: TenantHours["people"]): Promise<void> {
    if (this.#platform.clock.monotonic() - this.#readAt > readEveryMs) await this.#read();
    const hours = await this.#hours;
    if (hours === undefined) return;
    this.#keep({ ...hours, people });
    this.#tellIfChanged({ ...hours, people });
  }

  #begin(): void {
    const { bus } = this.#platform;
    const endings = [
      bus.subscribe(presenceSubject(this.tenant), () => this.#lookSoon(false)),
      bus.subscribe(hoursSubject(this.tenant), () => this.#lookSoon(true)),
    ];
    this.#unsubscribe = () => {
      for (const end of endings) end();
    };
    this.#read()
      .then((hours) => {
        this.#told = this.#appearance(hours);
      })
      .catch(this.#failed);
  }

  /** `all`: what is said of the hours may have changed without them. */
  #lookSoon(all: boolean): void {
    if (all) this.#told = "";
    if (this.#gathering) return;
    this.#gathering = true;
    this.#platform.clock.after(gatherMs, () => {
      this.#gathering = false;
      if (this.watched)
        this.#read()
          .then((hours) => this.#tellIfChanged(hours))
          .catch(this.#failed);
    });
  }

  #tellIfChanged(hours: TenantHours): void {
    const appearance = this.#appearance(hours);
    if (appearance === this.#told) return;
    this.#told = appearance;
    for (const tell of this.#watchers) tell();
  }

  #appearance(hours: TenantHours): string {
    const now = this.#platform.clock.now();
    return JSON.stringify([[...hours.keepers.keys()].map((inbox) => [inbox, absenceAt(hours, inbox, now)])]);
  }

  #read(): Promise<TenantHours> {
    const reading = readTenantHours(this.#platform, this.tenant);
    this.#hours = reading;
    this.#readAt = this.#platform.clock.monotonic();
    this.#found.clear();
    reading.catch(() => {
      if (this.#hours === reading) this.#hours = undefined;
    });
    return reading;
  }

  #keep(hours: TenantHours): void {
    this.#hours = Promise.resolve(hours);
    this.#found.clear();
  }
}
