import { signal } from "@preact/signals";
import type { OfferedChoices } from "../../src/protocol/commands.ts";
import { requestAsMe } from "../session/session.ts";
import { sentence } from "./run.ts";

/** What the server offers for an argument; `wrong` where it can't, in a sentence. */
export interface Offered extends OfferedChoices {
  wrong: string | null;
}

const nothing: Offered = { items: [], truncated: false, wrong: null };
/** While somebody types, only where they pause is asked. */
const pauseMs = 150;
const mostKept = 100;
const freshMs = 10_000;

const answered = signal<ReadonlyMap<string, { offered: Offered; at: number }>>(new Map());
let waiting: { key: string; timer: ReturnType<typeof setTimeout> } | undefined;
const asked = new Set<string>();

/**
 * The choices that fit what is typed, as far as they are known; what isn't is asked for, and drawn when it is there. Meanwhile those of the same
 * argument stay, so that the list doesn't blink.
 */
export function offeredFor(command: string, argument: string, after: Readonly<Record<string, unknown>>, typed: string): Offered {
  const place = JSON.stringify([command, argument, after]);
  const key = `${place} ${typed}`;
  const known = answered.value.get(key);
  if (known === undefined || Date.now() - known.at > freshMs) askSoon(key, { command, argument, after, typed });
  if (known !== undefined) return known.offered;
  const [, last] = [...answered.value].findLast(([other]) => other.startsWith(`${place} `)) ?? [];
  return last?.offered ?? nothing;
}

interface Asked {
  command: string;
  argument: string;
  after: Readonly<Record<string, unknown>>;
  typed: string;
}

function askSoon(key: string, what: Asked): void {
  if (asked.has(key) || waiting?.key === key) return;
  if (waiting !== undefined) clearTimeout(waiting.timer);
  waiting = { key, timer: setTimeout(() => void ask(key, what), pauseMs) };
}

async function ask(key: string, { command, argument, after, typed }: Asked): Promise<void> {
  waiting = undefined;
  asked.add(key);
  const query = new URLSearchParams({ q: typed, args: JSON.stringify(after) });
  const path = `commands/${encodeURIComponent(command)}/choices/${encodeURIComponent(argument)}?${query}`;
  const offered = await requestAsMe<OfferedChoices>({ method: "GET", path }).then(
    (found) => ({ ...found, wrong: null }),
    (error: unknown) => ({ ...nothing, wrong: sentence(error) }),
  );
  asked.delete(key);
  answered.value = new Map([...[...answered.value].slice(-mostKept), [key, { offered, at: Date.now() }]]);
}
