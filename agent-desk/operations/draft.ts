import type { Audience } from "../../src/protocol/commands.ts";
import { isSame } from "../../src/protocol/isSame.ts";
import { type OperationKind, type OperationView, operationKinds, type Parameter } from "../../src/protocol/operations.ts";

/** What an operation of some kind does, as its kind's editor writes it; the server checks it. */
export type Body = Readonly<Record<string, unknown>>;

/** An operation as it is being written, before it is saved. */
export interface Draft {
  name: string;
  kind: OperationKind;
  summary: string;
  audience: Audience;
  parameters: readonly Parameter[];
  body: Body;
  /** The version that it began with; null of a new one. */
  seen: number | null;
}

export function draftOf(operation: OperationView): Draft {
  const { name, kind, summary, audience, parameters, version } = operation;
  return { name, kind, summary, audience, parameters, body: bodyOf(operation), seen: version };
}

export function bodyOf(operation: OperationView): Body {
  const body = operation[operation.kind];
  return isRecord(body) ? body : {};
}

/** Whether saving it would make a version that differs from this one. */
export function isChanged(draft: Draft, operation: OperationView): boolean {
  return !saysSame(draft, draftOf(operation));
}

/** Whatever each is called, and began with. */
function saysSame({ seen: _, name: __, ...one }: Draft, { seen: ___, name: ____, ...other }: Draft): boolean {
  return isSame(one, other);
}

/** Arguments of `operation.create` and `operation.update`, and what `operation.try` looks at. */
export function argsOf({ kind, summary, audience, parameters, body }: Omit<Draft, "name" | "seen">): Record<string, unknown> {
  return { summary, audience, parameters, [kind]: body };
}

/** What was written since a draft was sent to be saved, as a change of the version that it became; null where there is nothing. */
export function sinceSaved(written: Draft | null, sent: Draft, { name, version }: Pick<OperationView, "name" | "version">): Draft | null {
  return written === null || saysSame(written, sent) ? null : { ...written, name, seen: version };
}

type Storing = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** What was written and not saved, of one operation or of a new one (`+query`), in this browser; null forgets it. */
export function keepDraft(storage: Storing, account: string, place: string, draft: Draft | null): void {
  try {
    if (draft === null) storage.removeItem(keyOf(account, place));
    else storage.setItem(keyOf(account, place), JSON.stringify(draft));
  } catch {
    // Full or forbidden storage: the draft then lives as long as the page.
  }
}

export function readDraft(storage: Pick<Storage, "getItem">, account: string, place: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(storage.getItem(keyOf(account, place)) ?? "null");
    return isDraft(kept) ? kept : null;
  } catch {
    // Somebody else's value under our key, or storage that is forbidden.
    return null;
  }
}

const keyOf = (account: string, place: string) => `switchboard.operation.${account}.${place}`;

function isDraft(kept: unknown): kept is Draft {
  if (!isRecord(kept)) return false;
  const { name, kind, summary, audience, parameters, body, seen } = kept;
  return (
    typeof name === "string" &&
    typeof summary === "string" &&
    operationKinds.some((known) => known === kind) &&
    (audience === "staff" || audience === "visitor") &&
    Array.isArray(parameters) &&
    isRecord(body) &&
    (seen === null || typeof seen === "number")
  );
}

/** The server checks what a definition has; here it is only found. */
export function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && !Array.isArray(value);
}
