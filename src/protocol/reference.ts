const quoted = String.raw`\["[^"{}]{1,200}"\]`;

/**
 * A place for a value: `{{orders.rows.0.email}}`. Letters, figures, `_` and `-` by dots; a name with other signs stands in quotation marks:
 * `{{orders.rows.0["order id"]}}`.
 */
export const referenceShape = String.raw`\{\{\s*((?:\p{L}[\p{L}\p{N}_-]*|${quoted})(?:\.[\p{L}\p{N}_-]+|${quoted})*)\s*\}\}`;

/** The names in what stands between the braces. */
export function referenceParts(written: string): string[] {
  return [...written.matchAll(/\["([^"]+)"\]|[^.[\]]+/gu)].map(([plain, inQuotes]) => inQuotes ?? plain);
}

/** These names as a slot; undefined where one can't be written. */
export function writeReference(parts: readonly string[]): string | undefined {
  let written = "";
  for (const part of parts) {
    const isPlain = written === "" ? /^\p{L}[\p{L}\p{N}_-]*$/u.test(part) : /^[\p{L}\p{N}_-]+$/u.test(part);
    if (!isPlain && !/^[^"{}]{1,200}$/.test(part)) return undefined;
    written += isPlain ? `${written === "" ? "" : "."}${part}` : `["${part}"]`;
  }
  return written === "" ? undefined : `{{${written}}}`;
}
