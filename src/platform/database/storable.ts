/** PostgreSQL has no U+0000 and no half of a surrogate pair. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}

/** JSON as `jsonb` takes it; `textOf` is what becomes of each text in it, names of fields too. */
export function storableJson(value: unknown, textOf: (text: string) => string = storable): string {
  if (textOf === storable) {
    // What PostgreSQL doesn't have is written so by JSON, and hardly anything else is: most values are gone through once.
    const json = JSON.stringify(value);
    if (!json.includes("\\u")) return json;
  }
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string") return textOf(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [textOf(key), item]));
  });
}
