import { every } from "../../platform/clock/clock.ts";
import type { Platform } from "../../platform/platform.ts";
import { accessSubjects, tenantOfAccessSubject } from "../accessChanges.ts";
import type { AccountPrincipal } from "../principal.ts";
import { findLiveSessions, type LiveSession, saveActive } from "./sessionStore.ts";

/** Knows which sessions count: at once with the bus, without it at most 1 s late for whoever is watched, and 5 s for who only asks. */
export interface LiveSessions {
  /** The session and its rights as they are now, or none if it doesn't count any more. */
  find(session: string): Promise<LiveSession | undefined>;
  /** Calls `changed` once with nothing when the session has ended, or with the new rights whenever they change; the answer stops it. */
  watch(principal: AccountPrincipal, changed: (now: AccountPrincipal | undefined) => void): () => void;
  /** Whoever sits there did something: the session doesn't end for idleness. Written down once a minute. */
  active(session: string): void;
  close(): void;
}

// auth.md: a cache of 5 s at most.
const cachedMs = 5000;
// A socket is closed within 1 s though nobody tells of it. The statement takes 3 to 10 ms for 200 sessions: a hundredth of a core.
const watchedMs = 800;
const cachedAtMost = 10_000;
const activeEveryMs = 60_000;

interface Cached {
  loadedAt: number;
  live: Promise<LiveSession | undefined>;
}

interface Watcher {
  principal: AccountPrincipal;
  changed: (now: AccountPrincipal | undefined) => void;
}

export function createLiveSessions({ database, bus, clock, log }: Platform): LiveSessions {
  const cache = new Map<string, Cached>();
  const watchers = new Set<Watcher>();
  const activeSince = new Map<string, number>();

  const find = async (session: string): Promise<LiveSession | undefined> => {
    const cached = cache.get(session);
    if (cached !== undefined && clock.monotonic() - cached.loadedAt < cachedMs) return await cached.live;
    if (cache.size >= cachedAtMost) cache.clear();
    const live = load([session]).then((found) => found.get(session));
    const entry = { loadedAt: clock.monotonic(), live };
    cache.set(session, entry);
    try {
      const found = await live;
      // Whoever has to do something first does it and goes on at once, perhaps in another process: nobody remembers that they may not yet.
      if (found?.principal === undefined && cache.get(session) === entry) cache.delete(session);
      return found;
    } catch (error) {
      if (cache.get(session) === entry) cache.delete(session);
      throw error;
    }
  };

  const load = async (sessions: readonly string[]): Promise<Map<string, LiveSession>> => {
    const found = await findLiveSessions(database.acrossTenants, sessions, new Date(clock.now()));
    return new Map(found.map((live) => [live.signedIn.session, live]));
  };

  const lookAgain = async (concerned: readonly Watcher[]): Promise<void> => {
    if (concerned.length === 0) return;
    const found = await load([...new Set(concerned.map((watcher) => watcher.principal.session))]);
    for (const watcher of concerned) {
      const principal = found.get(watcher.principal.session)?.principal;
      // A session that went to another tenant has nothing more to do here.
      const now = principal?.tenant === watcher.principal.tenant ? principal : undefined;
      if (!watchers.has(watcher) || (now !== undefined && sameRights(now, watcher.principal))) continue;
      cache.delete(watcher.principal.session);
      if (now === undefined) watchers.delete(watcher);
      else watcher.principal = now;
      watcher.changed(now);
    }
  };

  const failed = (error: unknown) => log.warn({ err: error }, "the sessions of open sockets could not be checked");

  const forget = (tenant: string | undefined) => {
    // What is being read at this moment may have been read before the change: nobody who asks from now on gets it.
    cache.clear();
    lookAgain([...watchers].filter((watcher) => tenant === undefined || watcher.principal.tenant === tenant)).catch(failed);
  };

  const stopHearing = bus.subscribe(accessSubjects, ({ subject }) => forget(tenantOfAccessSubject(subject)));
  const stopGaps = bus.onGap(() => forget(undefined));
  const stopLooking = every(clock, watchedMs, () => lookAgain([...watchers]), failed);

  return {
    find,
    watch: (principal, changed) => {
      const watcher = { principal, changed };
      watchers.add(watcher);
      return () => {
        watchers.delete(watcher);
      };
    },
    active: (session) => {
      const last = activeSince.get(session);
      if (last !== undefined && clock.monotonic() - last < activeEveryMs) return;
      if (activeSince.size >= cachedAtMost) activeSince.clear();
      activeSince.set(session, clock.monotonic());
      saveActive(database.acrossTenants, session, new Date(clock.now())).catch(failed);
    },
    close: () => {
      stopHearing();
      stopGaps();
      stopLooking();
    },
  };
}

/** Teams count as well: some see what waits for theirs. */
function sameRights({ grants, teams }: AccountPrincipal, other: AccountPrincipal): boolean {
  return JSON.stringify([grants, teams]) === JSON.stringify([other.grants, other.teams]);
}
