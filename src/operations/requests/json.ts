export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Nested deeper than this nothing is read: what walks it is recursive. */
export const deepestJson = 64;

/**
 * Reads JSON. An integer beyond what a number holds exactly (an id of 64 bits) becomes a text, digit for digit. Undefined for what is no JSON, or
 * nested deeper than `deepestJson`.
 */
export function readJson(text: string): Json | undefined {
  try {
    const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/gs, (token) =>
      /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
    );
    // What is valid stays valid: a token of digits is a number in both, so only the text as it came is judged.
    JSON.parse(text);
    const json: Json = JSON.parse(exact);
    return isDeeper(json, deepestJson) ? undefined : json;
  } catch {
    return undefined;
  }
}

export function isDeeper(json: unknown, most: number): boolean {
  const open: { value: unknown; depth: number }[] = [{ value: json, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next.value !== "object" || next.value === null) continue;
    if (next.depth === most) return true;
    for (const value of Object.values(next.value)) open.push({ value, depth: next.depth + 1 });
  }
  return false;
}

const token =
  /\s*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/uy;

/** Where a text stops being JSON, as an index; what V8 says of it often names no place. */
export function wrongJsonAt(text: string): number {
  const open: ("{" | "[")[] = [];
  let state: "value" | "valueOrEnd" | "name" | "nameOrEnd" | "colon" | "after" = "value";
  let at = 0;
  for (;;) {
    token.lastIndex = at;
    const found = token.exec(text);
    const here = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (found === null) return here;
    const [whole, sign, quoted] = found;
    const inside = open.at(-1);
    if (
      state === "colon"
        ? sign !== ":"
        : state === "name" || state === "nameOrEnd"
          ? quoted === undefined && !(sign === "}" && state === "nameOrEnd")
          : false
    )
      return here;
    if (state === "colon") state = "value";
    else if (sign === "}" || sign === "]") {
      if (inside !== (sign === "}" ? "{" : "[") || state === "value") return here;
      open.pop();
      state = "after";
    } else if (state === "after") {
      if (sign !== "," || inside === undefined) return here;
      state = inside === "{" ? "name" : "value";
    } else if (state === "name" || state === "nameOrEnd") state = "colon";
    else if (sign === "{" || sign === "[") {
      open.push(sign);
      state = sign === "{" ? "nameOrEnd" : "valueOrEnd";
    } else if (sign !== undefined) return here;
    else state = "after";
    at += whole.length;
  }
}
