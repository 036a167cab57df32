import { type Body, isRecord, textIn } from "../draft.ts";

/** The steps of a sequence, as far as they are some. */
export function stepsIn({ steps }: Body): Body[] {
  return Array.isArray(steps) ? steps.filter(isRecord) : [];
}

export function nameOf(step: Body): string {
  return textIn(step["name"]);
}

/** The value without what isn't there: a step says only what it does otherwise than usual. */
export function without(step: Body, key: string): Body {
  const { [key]: _, ...rest } = step;
  return rest;
}

export function moved<Item>(items: readonly Item[], from: number, to: number): Item[] {
  const next = [...items];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** The steps with another name for one of them, and for what those after it take from it. */
export function renamed(steps: readonly Body[], index: number, name: string): Body[] {
  const old = nameOf(steps[index] ?? {});
  return steps.map((step, place) => {
    if (place === index) return name === "" ? without(step, "name") : { ...step, name };
    return place < index || old === "" || name === "" ? step : inSlots(step, old, name);
  });
}

function inSlots(step: Body, old: string, name: string): Body {
  const slot = new RegExp(`\\{\\{\\s*${inPattern(old)}(?=[\\s.[}])`, "g");
  const rewrite = (value: unknown): unknown => {
    if (typeof value === "string") return value.replace(slot, `{{${name}`);
    if (Array.isArray(value)) return value.map(rewrite);
    return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewrite(item)])) : value;
  };
  return Object.fromEntries(
    Object.entries(step).map(([key, value]) => [key, key === "name" || key === "command" ? value : rewrite(value)]),
  );
}

/** A name as it stands in a regular expression, whatever was typed. */
export function inPattern(name: string): string {
  return name.replace(/[^\w]/g, "\\$&");
}

/** `late-orders` is `lateOrders`, `conversation.note` is `note`; with a number where that stands there already. */
export function freeName(command: string, taken: readonly string[]): string {
  const [last = ""] = command.split(".").slice(-1);
  const base = last.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()).replace(/[^a-zA-Z0-9_]/g, "");
  const wanted = /^[a-z]/.test(base) ? base.slice(0, 36) : "step";
  let name = wanted;
  for (let count = 2; taken.includes(name); count++) name = `${wanted}${count}`;
  return name;
}
