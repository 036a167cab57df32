import type { ModelStore } from "./modelStore.ts";

/** The rows that a statement of this name would answer. */
export function answerStatement(store: ModelStore, name: string | undefined, values: readonly unknown[]): object[] {
  const [a, b, c, d, e, f] = values;
  switch (name) {
    case "commitWrites":
      return store.commitWrites(JSON.parse(`${a}`), textOrNull(b));
    case "takeDueTurns":
      return store.takeDueTurns(`${a}`, Number(b));
    case "renewTurns":
      return store.renewTurns(`${a}`, JSON.parse(`${b}`));
    case "failTurn":
      return store.failTurn(`${b}`, Number(c), `${d}`);
    case "acquitTurn":
      return store.acquitTurn(`${b}`, Number(c), `${d}`);
    case "buryTurn":
      return store.buryTurn(`${b}`, Number(c), `${d}`, `${e}`);
    case "findControl":
      return store.findControl(`${b}`);
    case "insertNote":
      return store.insertNote(`${b}`, { id: `${c}`, key: `${d}`, text: `${values[6]}` });
    // Nobody speaks another language, nothing is merged, and nothing needs a second person.
    case "commands_approval_rule":
    case "findLocale":
    case "findLead":
      return [];
    default:
      throw new Error(`the model knows no statement ${name} of ${[d, e, f].length} values`);
  }
}

/** Rows as they come over a wire: times are dates, and nothing is shared with the store. */
export function asRows<Row extends object>(rows: readonly object[]): Row[] {
  const decoded = JSON.parse(JSON.stringify(rows), (key, value) =>
    (key === "at" || key === "queued_at") && typeof value === "number" ? new Date(value) : value,
  );
  return decoded;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
