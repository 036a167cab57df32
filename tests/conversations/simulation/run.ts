import { simulateAll } from "./simulate.ts";

// More than the tests do: npx tsx tests/conversations/simulation/run.ts <how many> <first seed>
const [count = "10000", first = "1"] = process.argv.slice(2);
const begun = performance.now();
const broken = await simulateAll(Array.from({ length: Number(count) }, (_, index) => Number(first) + index));
for (const [seed, sentences] of [...broken].slice(0, 20)) console.log(`seed ${seed}: ${sentences.join("; ")}`);
console.log(
  JSON.stringify({
    seeds: Number(count),
    first: Number(first),
    broken: broken.size,
    seconds: Math.round((performance.now() - begun) / 1000),
  }),
);
process.exitCode = broken.size === 0 ? 0 : 1;
