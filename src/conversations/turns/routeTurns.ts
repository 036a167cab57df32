import { every } from "../../platform/clock/clock.ts";
import type { Asked } from "./askEarly.ts";
import { newRun, runTurn, type Turning, type TurnRun } from "./runTurn.ts";
import { renewTurns, type Turn, takeDueTurns } from "./turnStore.ts";

export interface TurnRouter {
  /** Answers a turn whose lease this process took with the message itself. `early` is what was asked before the message was written. */
  take(turn: Turn, early?: Promise<Asked | undefined>): void;
  /** Stops taking turns and waits for those under way, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** How many turns one process answers at once; more wait in the database for a process that is free. */
const turnsAtOnce = 2000;
const sweepEveryMs = 1000;
const renewEveryMs = 1500;

/** Answers turns: those handed over in this process at once, those whose holder died, or never was, from the table. */
export function startTurnRouter(deps: Turning): TurnRouter {
  const underWay = new Map<string, TurnRun>();
  /** Of those under way: what waits for the database to be back. */
  const interrupted = new Set<string>();
  let stopping = false;

  const take = (turn: Turn, early?: Promise<Asked | undefined>) => {
    const id = `${turn.conversation.id}.${turn.seq}`;
    if (stopping || underWay.has(id)) return;
    const run = newRun(deps, turn, early);
    underWay.set(id, run);
    void work(id, run);
  };

  const work = async (id: string, run: TurnRun) => {
    if ((await runTurn(deps, run)) === "interrupted") interrupted.add(id);
    else underWay.delete(id);
  };

  const sweep = async () => {
    const room = turnsAtOnce - underWay.size;
    if (stopping || room <= 0) return;
    for (const turn of await takeDueTurns(deps.database.acrossTenants, deps.holder, Math.min(room, 500))) take(turn);
  };

  /** After a look that the database answered. */
  const goOn = () => {
    if (stopping) return;
    for (const id of interrupted) {
      const run = underWay.get(id);
      interrupted.delete(id);
      if (run !== undefined) void work(id, run);
    }
  };

  // Most turns end within milliseconds: only those that are older than a renewal period are renewed.
  let before = new Set<string>();
  const renew = async () => {
    const old = [...underWay].filter(([id]) => before.has(id)).map(([, { turn }]) => turn);
    before = new Set(underWay.keys());
    if (old.length > 0) await renewTurns(deps.database.acrossTenants, deps.holder, old);
  };

  const failed = (what: string) => (error: unknown) => deps.log.warn({ error: error instanceof Error ? error.message : "unknown" }, what);
  const endings = [
    every(deps.clock, sweepEveryMs, () => sweep().then(goOn), failed("could not look for due turns")),
    every(deps.clock, renewEveryMs, renew, failed("could not renew turns")),
    deps.bus.subscribe("turn.due", () => void sweep().catch(failed("could not look for due turns")), { queueGroup: "routers" }),
  ];
  return {
    take,
    stop: async (graceMs) => {
      stopping = true;
      const deadline = deps.clock.monotonic() + graceMs;
      while (underWay.size > interrupted.size && deps.clock.monotonic() < deadline)
        await new Promise((resolve) => deps.clock.after(20, () => resolve(undefined)));
      for (const end of endings) end();
    },
  };
}
