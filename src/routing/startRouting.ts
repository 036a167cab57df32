import { every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { teamsToDraw } from "./assignStore.ts";
import { assignWaiting } from "./assignWaiting.ts";
import { type GoneAgent, heardLately, heldBy, silentAgents } from "./offerStore.ts";
import { lapseOffers, type Offering } from "./offers.ts";

export interface Routing extends Offering, Pick<Platform, "clock" | "log"> {
  /** Puts what an agent holds at the front of the queue, if they still hold it; `why` is told after their name. */
  giveBack: (tenant: string, conversation: string, agent: string, why: string) => Promise<void>;
}

const sweepEveryMs = 1000;
/** A burst of news is one look. */
const gatherMs = 20;
/** Not heard of for so long, an agent is gone: what they hold goes back. */
const goneAfterSeconds = 15;
/**
 * And watched by this process, being silent, for so long. After an outage of the database every agent seems silent, and so do those of this
 * process after it stood still, until each gateway had time for its next word (every 5 s): nobody's conversations or offers move for that.
 */
const watchedForMs = 6000;
/** Of the time since the look before no more counts as watched: in the rest this process stood still, or asked in vain. */
const mostWatchedMs = 2 * sweepEveryMs;
/** Longer between two sweeps: this process stood still. */
const stoodStillMs = 3 * sweepEveryMs;
/** More than a gateway's pause between two words. */
const silentAfterSeconds = 7;

/** Offers who waits to who is free, at once when something changes and once a second anyway. Any number of processes do it. */
export function startRouting(deps: Routing): { stop(): void } {
  const failed = (what: string) => (error: unknown) => deps.log.warn({ error: error instanceof Error ? error.message : "unknown" }, what);
  const teams = new TeamWork(deps, failed("could not offer who waits"));
  const silence = new Silence(deps);
  let sweptAt = deps.clock.monotonic();
  let awakeSince = sweptAt - watchedForMs;

  const sweep = async () => {
    const now = deps.clock.monotonic();
    if (now - sweptAt > stoodStillMs) awakeSince = now;
    await lapseOffers(deps, now - awakeSince < watchedForMs ? "late" : "late or left");
    await silence.look();
    for (const { tenant, team } of await teamsToDraw(deps.database.acrossTenants, null)) teams.due(tenant, team);
    sweptAt = deps.clock.monotonic();
  };
  const hear = ({ subject }: { subject: string }) => {
    const tenant = subject.split(".")[1];
    if (tenant !== undefined) teams.tenantDue(tenant);
  };
  const endings = [
    every(deps.clock, sweepEveryMs, sweep, (error) => {
      silence.forget();
      failed("could not look for who waits")(error);
    }),
    deps.bus.subscribe("tenant.*.queue", hear, { queueGroup: "routers" }),
    deps.bus.subscribe("tenant.*.presence", hear, { queueGroup: "routers" }),
  ];
  return {
    stop: () => {
      for (const end of endings) end();
      teams.stop();
    },
  };
}

/** One decision at a time per team in this process; what comes meanwhile is one more. Between processes the team's lock decides. */
class TeamWork {
  readonly #deps: Routing;
  readonly #failed: (error: unknown) => void;
  /** Per team whether it is due again. */
  readonly #working = new Map<string, boolean>();
  readonly #gathering = new Set<string>();
  #stopped = false;

  constructor(deps: Routing, failed: (error: unknown) => void) {
    this.#deps = deps;
    this.#failed = failed;
  }

  stop(): void {
    this.#stopped = true;
  }

  tenantDue(tenant: string): void {
    if (this.#gathering.has(tenant)) return;
    this.#gathering.add(tenant);
    this.#deps.clock.after(gatherMs, () => {
      this.#gathering.delete(tenant);
      if (this.#stopped) return;
      teamsToDraw(this.#deps.database.acrossTenants, tenant)
        .then((teams) => {
          for (const { team } of teams) this.due(tenant, team);
        })
        .catch(this.#failed);
    });
  }

  due(tenant: string, team: string): void {
    const key = `${tenant}.${team}`;
    if (this.#working.has(key)) {
      this.#working.set(key, true);
      return;
    }
    this.#working.set(key, false);
    assignWaiting(this.#deps, tenant, team)
      .catch(this.#failed)
      .finally(() => {
        const again = this.#working.get(key);
        this.#working.delete(key);
        if (again === true && !this.#stopped) this.due(tenant, team);
      });
  }
}

/** Agents who hold something and are silent, and how long this process has watched them be so. */
class Silence {
  readonly #deps: Routing;
  #watchedMs = new Map<string, number>();
  #lookedAt = 0;

  constructor(deps: Routing) {
    this.#deps = deps;
  }

  /** A look that failed proves nothing. */
  forget(): void {
    this.#watchedMs.clear();
  }

  async look(): Promise<void> {
    const silent = await silentAgents(this.#deps.database.acrossTenants, silentAfterSeconds);
    const now = this.#deps.clock.monotonic();
    const sinceMs = Math.min(now - this.#lookedAt, mostWatchedMs);
    this.#lookedAt = now;
    const before = this.#watchedMs;
    this.#watchedMs = new Map(
      silent.map((agent) => {
        const watchedMs = before.get(keyOf(agent));
        return [keyOf(agent), watchedMs === undefined ? 0 : watchedMs + sinceMs];
      }),
    );
    for (const agent of silent) if (this.#isGone(agent)) await this.#giveBack(agent);
  }

  #isGone(agent: GoneAgent): boolean {
    if (agent.silentSeconds === undefined) return true;
    return agent.silentSeconds >= goneAfterSeconds && (this.#watchedMs.get(keyOf(agent)) ?? 0) >= watchedForMs;
  }

  async #giveBack({ tenant, account, silentSeconds }: GoneAgent): Promise<void> {
    const sql = this.#deps.database.forTenant(tenant);
    const why = silentSeconds === undefined ? "may not work here any more" : "is not connected any more";
    for (const conversation of await heldBy(sql, account)) {
      // Who was heard again since the look keeps the rest: this process may have stood still in between.
      if (silentSeconds !== undefined && (await heardLately(sql, account, silentAfterSeconds))) return;
      await this.#deps.giveBack(tenant, conversation, account, why);
    }
  }
}

function keyOf({ tenant, account }: GoneAgent): string {
  return `${tenant}.${account}`;
}
