import { readFileSync } from "node:fs";

/** Statements of a file, one a line; `⏎` is a line's end inside of one. */
export function statementsOf(file: string, section?: "both" | "first"): string[] {
  const lines = readFileSync(new URL(`./corpus/${file}`, import.meta.url), "utf8")
    .split("\n")
    .slice(0, -1);
  let current: string | undefined;
  return lines.flatMap((line) => {
    if (line.startsWith("### ")) {
      current = line.slice(4);
      return [];
    }
    return section === undefined || section === current ? [line.replaceAll("⏎", "\n")] : [];
  });
}
