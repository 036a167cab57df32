import { createInProcessBus } from "../../../src/platform/bus/inProcess.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { createDice, type Dice } from "./dice.ts";
import { answerStatement } from "./modelSql.ts";
import { type Flaws, ModelStore } from "./modelStore.ts";
import { Outside } from "./outside.ts";
import { SimulatedProcess, type Surroundings } from "./simulatedProcess.ts";
import { VirtualTime } from "./virtualTime.ts";

/** Faults come until then; after it everything must come to rest. */
export const faultsEndMs = 10_000;

/** Processes on one store, with a network between that fails as the seed says. */
export class World {
  readonly time = new VirtualTime();
  readonly dice: Dice;
  readonly store: ModelStore;
  readonly outside: Outside;
  /** Turns whose holder died, stopped, or failed. */
  turnsTakenAgain = 0;
  /** What went wrong that isn't seen in the store. */
  readonly troubles: string[] = [];
  readonly #processes: SimulatedProcess[] = [];
  readonly #around: Surroundings;
  readonly #lostAnswers: number;
  #storeAwayUntil = 0;
  #started = 0;

  constructor(seed: number, flaws: Flaws) {
    this.dice = createDice(seed);
    const { dice, time } = this;
    this.store = new ModelStore(() => time.now(), flaws, dice.chance);
    this.outside = new Outside(time, dice);
    this.#lostAnswers = dice.pick([0, 0, 0.02, 0.1]);
    const bus = createInProcessBus({ clock: time });
    const lostWhispers = dice.pick([0, 0.5, 1]);
    this.#around = {
      time,
      outside: this.outside,
      bus: {
        ...bus,
        publish: (subject, data) => {
          if (dice.chance() >= lostWhispers) bus.publish(subject, data);
        },
      },
      send: (name, values, answered) => this.#send(name, values, answered),
      trouble: (what) => this.troubles.push(what),
    };
    this.#start(true);
    this.#start(true);
    if (dice.chance() < 0.5) this.#start(false);
    for (let fault = dice.between(0, 4); fault > 0; fault--) time.after(dice.between(100, faultsEndMs), () => this.#fail());
  }

  /** One that answers, or none at the moment. */
  someProcess(): SimulatedProcess | undefined {
    const alive = this.#processes.filter((process) => process.alive);
    return alive.length === 0 ? undefined : this.dice.pick(alive);
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.time.after(ms, resolve));
  }

  /** What a caller outside has after so long: the result, the error, or nothing, which says nothing about what happened. */
  async within<Result>(ms: number, work: Promise<Result>): Promise<Result | "nothing"> {
    work.catch(() => {});
    return await Promise.race([work, this.sleep(ms).then(() => "nothing" as const)]);
  }

  #start(routes: boolean): void {
    this.#processes.push(new SimulatedProcess(this.#around, `holder-${this.#started++}`, routes));
  }

  #fail(): void {
    const { dice, time } = this;
    const victim = this.someProcess();
    switch (dice.pick(["kill", "kill", "stop", "stop", "store"])) {
      case "kill":
        victim?.kill();
        time.after(dice.between(100, 2000), () => this.#start(true));
        break;
      case "stop":
        victim?.stop(dice.between(500, 12_000));
        break;
      default:
        this.#storeAwayUntil = time.now() + dice.between(200, 3000);
    }
  }

  #send(name: string | undefined, values: readonly unknown[], answered: (rows: object[] | Refusal) => void): void {
    const { dice, time } = this;
    time.after(dice.between(1, 8), () => {
      if (time.now() < this.#storeAwayUntil) return answered(unreachable());
      const lost = time.now() < faultsEndMs && dice.chance() < this.#lostAnswers;
      if (lost && dice.chance() < 0.5) return time.after(1000, () => answered(unreachable()));
      const rows = answerStatement(this.store, name, values);
      this.turnsTakenAgain += rows.filter((row) => "attempts" in row && row.attempts !== 0).length;
      time.after(lost ? 1000 : dice.between(1, 8), () => answered(lost ? unreachable() : rows));
    });
  }
}

function unreachable(): Refusal {
  return new Refusal("unavailable", "The database can't be reached at the moment; please try again.", { retryAfterMs: 1000 });
}
