import type { Effect, Flow, StartedCommand } from "./blueprints.ts";
import { fieldOfArgument } from "./startedArguments.ts";

/** A flow whose fields have other keys now, as `now` says of each. */
export function renamedFlow(flow: Flow, now: (key: string) => string): Flow {
  const keys = <Value>(record: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(record).map(([key, value]): [string, Value] => [now(key), value]));
  return {
    ...flow,
    field: now(flow.field),
    transitions: flow.transitions.map((transition) => ({
      ...transition,
      ...(transition.set === undefined ? {} : { set: keys(mapValues(transition.set, (effect) => renamedEffect(effect, now))) }),
      ...(transition.required === undefined ? {} : { required: transition.required.map(now) }),
      ...(transition.guard === undefined ? {} : { guard: renamedFilter(transition.guard, now) }),
      ...(transition.start === undefined ? {} : { start: transition.start.map((started) => renamedStart(started, now)) }),
    })),
  };
}

function renamedEffect(effect: Effect, now: (key: string) => string): Effect {
  return typeof effect === "object" && effect !== null && "field" in effect ? { field: now(effect.field) } : effect;
}

function renamedStart({ command, args }: StartedCommand, now: (key: string) => string): StartedCommand {
  const renamed = (said: unknown) => {
    const field = fieldOfArgument(said);
    return field === undefined ? said : { field: now(field) };
  };
  return { command, args: mapValues(args, renamed) };
}

/** A filter with other names for its fields. */
export function renamedFilter(filter: Readonly<Record<string, unknown>>, now: (key: string) => string): Record<string, unknown> {
  const inner = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(inner) : typeof value === "object" && value !== null ? renamedFilter({ ...value }, now) : value;
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => (["and", "or", "not"].includes(name) ? [name, inner(value)] : [now(name), value])),
  );
}

function mapValues<Value, Result>(record: Readonly<Record<string, Value>>, map: (value: Value) => Result): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
