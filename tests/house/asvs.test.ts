import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

it("each file that the table of OWASP ASVS names is there, and each requirement stands in it once", async () => {
  const table = await readFile(join(root, "src/access/ASVS.md"), "utf8");
  const paths = new Set([...table.matchAll(/`((?:src|tests|bots|widget|agent-desk)\/[\w./-]+)`/g)].map(([, path = ""]) => path));
  expect(paths.size).toBeGreaterThan(60);
  const missing: string[] = [];
  for (const path of paths)
    await access(join(root, path)).catch(() => {
      missing.push(path);
    });
  expect(missing).toEqual([]);
  const numbers = [...table.matchAll(/^\| (\d+\.\d+\.\d+) \| ([12]) \|/gm)].map(([, number = ""]) => number);
  // Of 70 requirements of level 1 and 183 of level 2, those that apply.
  expect(numbers).toHaveLength(218);
  expect(new Set(numbers).size).toBe(numbers.length);
});
