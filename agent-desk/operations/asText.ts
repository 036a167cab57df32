import type { Draft } from "./draft.ts";
import { typeWords } from "./parameterWords.ts";

/** A definition as lines that people compare: what is text stays text, the rest is one thing a line. */
export function asText({ summary, audience, parameters, body }: Pick<Draft, "summary" | "audience" | "parameters" | "body">): string {
  const asked = parameters.map(({ name, type, label, required, list, choices, fixed, default: standard }) => {
    const facts = [
      `${typeWords[type]}${list === true ? ", several" : ""}`,
      fixed === true ? "preset" : required ? "required" : "may be left out",
      ...(label === undefined ? [] : [`asked as "${label}"`]),
      ...(standard === undefined ? [] : [fixed === true ? `always ${standard}` : `${standard} where nothing is given`]),
      ...(choices === undefined ? [] : [`one of ${choices.join(", ")}`]),
    ];
    return `parameter ${name}: ${facts.join("; ")}`;
  });
  return [`summary: ${summary}`, `for: ${audience === "visitor" ? "staff and visitors" : "staff"}`, ...asked, ...linesOf(body, "")].join(
    "\n",
  );
}

function linesOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => linesOf(item, `${path}.${index + 1}`));
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([key, item]) => linesOf(item, path === "" ? key : `${path}.${key}`));
  const text = String(value);
  return text.includes("\n") ? [`${path}:`, ...text.split("\n").map((line) => `  ${line}`)] : [`${path}: ${text}`];
}
