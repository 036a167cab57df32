import type { Json } from "../json.ts";

/** Where in an answer something stands: `data.items[0].name`. Names and places in lists, nothing else. */
export type AnswerPath = readonly (string | number)[];

/** Undefined for what is no path. The empty text is the answer itself. A name with other signs stands in quotation marks: `["order-id"]`. */
export function readAnswerPath(written: string): AnswerPath | undefined {
  const steps: (string | number)[] = [];
  let rest = written.trim();
  if (rest.length > 500) return undefined;
  if (rest === "" || rest === "$") return steps;
  rest = rest.replace(/^\$(?=[.[])\.?/, "");
  for (let first = true; rest !== ""; first = false) {
    const step = /^\[(\d{1,6})\]|^\["([^"\\]{1,200})"\]|^(\.?)([\p{L}\p{N}_$@-]+)/u.exec(rest);
    if (step === null || (step[4] !== undefined && (step[3] === "") !== first)) return undefined;
    steps.push(step[1] === undefined ? (step[2] ?? step[4] ?? "") : Number(step[1]));
    rest = rest.slice(step[0].length);
  }
  return steps;
}

/** What stands there; undefined where nothing does. Never what an object only inherits. */
export function follow(json: Json, path: AnswerPath): Json | undefined {
  let here: Json | undefined = json;
  for (const step of path) {
    if (typeof here !== "object" || here === null) return undefined;
    here = Array.isArray(here)
      ? typeof step === "number"
        ? here[step]
        : undefined
      : Object.hasOwn(here, step)
        ? here[String(step)]
        : undefined;
  }
  return here;
}
