import { brokenInvariants } from "./invariants.ts";
import type { Flaws } from "./modelStore.ts";
import { everybodyWorks, type Told, visit } from "./people.ts";
import { faultsEndMs, World } from "./world.ts";

/** After the faults everything is at rest within 30 s (I9); five tries of a broken automation, or the 60 s of a silent one, come on top. */
const restWithinMs = 30_000 + 75_000;

/** One world, from its first message until everything is at rest; the answer is what went wrong, empty when nothing did. `look` sees the end. */
export async function simulate(seed: number, flaws: Flaws = {}, look: (world: World) => void = () => {}): Promise<string[]> {
  const world = new World(seed, flaws);
  const conversations = ["c1", "c2"];
  for (const id of conversations) world.store.add(id);
  const told: Told = { acked: [], theirs: [], agentAcked: [] };
  let ended = 0;
  const people = [everybodyWorks(world, told, conversations), ...conversations.map((id) => visit(world, told, id))];
  for (const person of people) {
    person.then(
      () => ended++,
      (error) => world.troubles.push(`somebody met ${error}`),
    );
  }
  const atRest = () =>
    ended === people.length && world.time.now() > faultsEndMs && world.store.turns.every((turn) => turn.deadReason !== null);
  await world.time.run(faultsEndMs + restWithinMs, atRest);
  look(world);
  const unfinished = ended < people.length && world.troubles.length === 0 ? ["somebody still waits"] : [];
  return [...unfinished, ...brokenInvariants(world, told)];
}

/** Many seeds beside each other: each world has its own time, so they don't touch. No more are begun once `enough` was found. */
export async function simulateAll(
  seeds: readonly number[],
  { flaws = {}, look, enough = () => false }: { flaws?: Flaws; look?: (world: World) => void; enough?: (found: string[]) => boolean } = {},
): Promise<Map<number, string[]>> {
  const broken = new Map<number, string[]>();
  const waiting = [...seeds];
  const worker = async () => {
    for (let seed = waiting.pop(); seed !== undefined; seed = waiting.pop()) {
      const found = await simulate(seed, flaws, look);
      if (found.length > 0) broken.set(seed, found);
      if (enough(found)) waiting.length = 0;
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
  return broken;
}
