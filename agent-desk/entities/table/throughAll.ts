import type { EntityView } from "../../../src/protocol/blueprints.ts";

export interface Outcome {
  entity: EntityView;
  /** Undefined where it was done. */
  error?: unknown;
}

/** So many at once keep the server busy, and leave room for others. */
const atOnce = 4;

/** Does the same to each, a few at once; one that is refused stops none of the others. */
export async function throughAll(
  entities: readonly EntityView[],
  act: (entity: EntityView) => Promise<unknown>,
  onDone: (count: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...entities];
  const work = async () => {
    for (let entity = waiting.shift(); entity !== undefined; entity = waiting.shift()) {
      const one = entity;
      outcomes.push(
        await act(one).then(
          () => ({ entity: one }),
          (error: unknown) => ({ entity: one, error }),
        ),
      );
      onDone(outcomes.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}
