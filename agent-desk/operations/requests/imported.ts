import type { Parameter } from "../../../src/protocol/operations.ts";
import { type Body, isRecord, textIn } from "../draft.ts";
import { heldSecret } from "./heldSecret.ts";
import { originOf } from "./requestBody.ts";

/** A draft that was read from elsewhere. */
export interface Imported {
  body: Body;
  parameters: readonly Parameter[];
  /** What stood in the places of the parameters, to try it with. */
  values: Readonly<Record<string, string>>;
  /** Sentences on what was left out or is to be done. */
  notes: readonly string[];
}

/** What `operation.from-curl` and `operation.from-openapi` answer; a secret in it waits in this page's memory. */
export function importedFrom(data: unknown): Imported {
  const found = isRecord(data) ? data : {};
  const body = isRecord(found["request"]) ? found["request"] : {};
  const origin = originOf(textIn(body["url"]));
  const secret = textIn(found["secret"]);
  heldSecret.value = secret === "" || origin === null ? null : { secret, origin };
  return {
    body,
    parameters: Array.isArray(found["parameters"]) ? found["parameters"] : [],
    values: Object.fromEntries(
      Object.entries(isRecord(found["values"]) ? found["values"] : {}).map(([name, value]) => [name, String(value)]),
    ),
    notes: Array.isArray(found["notes"]) ? found["notes"].map(String) : [],
  };
}
