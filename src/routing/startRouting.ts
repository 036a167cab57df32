import { every } from "../platform/clock/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { teamsToDraw } from "./assignStore.ts";
import { assignWaiting } from "./assignWaiting.ts";
import { type GoneAgent, heldBy, silentAgents } from "./offerStore.ts";
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
 * And seen to be silent by this process for so long. After an outage of the database every agent seems silent, until each gateway had
 * time for its next word (every 5 s): nobody's conversations move for that.
 */
const watchedForMs = 6000;
/** More than a gateway's pause between two words. */
const silentAfterSeconds = 7;

/** Offers who waits to who is free, at once when something changes and once a second anyway. Any number of processes do it. */
export function startRouting(deps: Routing): { stop(): void } {
  const failed = (what: string) => (error: unknown) => deps.log.warn({ error: error instanceof Error ? error.message : "unknown" }, what);
  const teams = new TeamWork(deps, failed("could not offer who waits"));
  const silence = new Silence(deps);

  const sweep = async () => {
    await lapseOffers(deps);
    await silence.look();
    for (const { tenant, team } of await teamsToDraw(deps.database.acrossTenants, null)) teams.due(tenant, team);
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

/** Agents who hold something and are silent, and since when this process has seen them so without a pause. */
class Silence {
  readonly #deps: Routing;
  #since = new Map<string, number>();

  constructor(deps: Routing) {
    this.#deps = deps;
  }

  /** A look that failed proves nothing. */
  forget(): void {
    this.#since.clear();
  }

  async look(): Promise<void> {
    const silent = await silentAgents(this.#deps.database.acrossTenants, silentAfterSeconds);
    const now = this.#deps.clock.monotonic();
    this.#since = new Map(silent.map((agent) => [keyOf(agent), this.#since.get(keyOf(agent)) ?? now]));
    for (const agent of silent) if (this.#isGone(agent, now)) await this.#giveBack(agent);
  }

  #isGone(agent: GoneAgent, now: number): boolean {
    if (agent.silentSeconds === undefined) return true;
    return agent.silentSeconds >= goneAfterSeconds && now - (this.#since.get(keyOf(agent)) ?? now) >= watchedForMs;
  }

  async #giveBack({ tenant, account, silentSeconds }: GoneAgent): Promise<void> {
    const why = silentSeconds === undefined ? "may not work here any more" : "is not connected any more";
    for (const conversation of await heldBy(this.#deps.database.forTenant(tenant), account))
      await this.#deps.giveBack(tenant, conversation, account, why);
  }
}

function keyOf({ tenant, account }: GoneAgent): string {
  return `${tenant}.${account}`;
}
