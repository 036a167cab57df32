import { Temporal } from "temporal-polyfill";
import { Refusal } from "../../protocol/refusal.ts";
import { fill, fillText } from "../slots.ts";
import type { Message } from "./message.ts";
import { type PlannedCall, type Recipient, valuesOf } from "./recipient.ts";

const latestDays = 366;

/** As one of them gets it. */
export interface Composed {
  /** Only of a mail. */
  subject: string | null;
  text: string;
}

/** The texts with the values of the run; what is of each recipient stays open. */
export function draftOf(message: Message, call: PlannedCall): Composed {
  const values = valuesOf(call);
  return {
    subject: message.by === "mail" ? fillText(message.subject, values, "row") : null,
    text: fillText(message.text, values, message.by === "reply" || message.by === "note" ? undefined : "row"),
  };
}

/** Whole for one recipient. A subject is one line: what follows a line break would be a header. */
export function composeFor(message: { subject?: string | null; text: string }, values: Readonly<Record<string, unknown>>): Composed {
  const { subject = null, text } = message;
  return {
    subject: subject === null ? null : fillText(subject, values).replaceAll(/\s+/gu, " ").trim().slice(0, 500),
    text: fillText(text, values).slice(0, 8000),
  };
}

/** The values of a run and of one recipient. */
export function valuesFor(call: PlannedCall, { row }: Pick<Recipient, "row">): Readonly<Record<string, unknown>> {
  return { ...valuesOf(call), row };
}

/** When it goes; what is past goes now, and is undefined. Refusal `invalid_value` (`message.at`). */
export function timeOf({ at }: Message, call: PlannedCall, nowMs: number): Date | undefined {
  if (at === undefined) return undefined;
  const written = String(fill(at, valuesOf(call)) ?? "");
  return written === "" ? undefined : checkTime(written, nowMs, "message.at");
}

/** An instant with its offset: a time without one would be that of whatever server reads it. Undefined for what is past. */
export function checkTime(written: string, nowMs: number, path: string): Date | undefined {
  const at = instantMs(written);
  if (at === undefined) throw new Refusal("invalid_value", `"${written.slice(0, 60)}" is no time like 2026-11-30T09:00:00Z.`, { path });
  if (at - nowMs > latestDays * 86_400_000) throw new Refusal("invalid_value", `A message waits for ${latestDays} days at most.`, { path });
  return at <= nowMs ? undefined : new Date(at);
}

function instantMs(written: string): number | undefined {
  try {
    return Temporal.Instant.from(written).epochMilliseconds;
  } catch {
    return undefined;
  }
}
