// `npm run check`: the floors hold, and every module was read. dependency-cruiser that reads nothing passes (it does with TypeScript 7).
import { readdirSync } from "node:fs";
import { cruise } from "dependency-cruiser";
import extractDepcruiseOptions from "dependency-cruiser/config-utl/extract-depcruise-options";

const roots = ["src", "automations", "bots", "widget", "agent-desk"];
const options = await extractDepcruiseOptions("./.dependency-cruiser.cjs");
const { output } = await cruise(roots, { ...options, outputType: "json" });
const { modules, summary } = JSON.parse(output);

for (const violation of summary.violations) console.error(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);

const read = new Set(modules.map((module) => module.source));
const unread = roots.flatMap((root) =>
  readdirSync(root, { recursive: true })
    .map((name) => `${root}/${name}`)
    .filter((name) => /\.(ts|tsx|mjs)$/.test(name) && !read.has(name)),
);
for (const name of unread) console.error(`not read: ${name}`);

console.log(`floors: ${read.size} modules read, ${summary.violations.length} violations, ${unread.length} unread`);
process.exit(summary.violations.length + unread.length === 0 ? 0 : 1);
