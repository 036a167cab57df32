import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** The requirements of OWASP ASVS 5.0.0 by section, each by its level: "2.1 122" has 2.1.1 of level 1, 2.1.2 and 2.1.3 of level 2. */
const standard = `
  1.1 22, 1.2 1111122223, 1.3 112222222223, 1.4 222, 1.5 123, 2.1 122, 2.2 112, 2.3 12223, 2.4 23,
  3.1 3, 3.2 113, 3.3 12223, 3.4 11222233, 3.5 11122333, 3.6 3, 3.7 22333, 4.1 12233, 4.2 23333, 4.3 22, 4.4 1222,
  5.1 2, 5.2 112333, 5.3 113, 5.4 222, 6.1 122, 6.2 111111112222, 6.3 11223333, 6.4 112233, 6.5 22222333, 6.6 2223, 6.7 33, 6.8 2222,
  7.1 222, 7.2 1111, 7.3 22, 7.4 11222, 7.5 223, 7.6 22, 8.1 1233, 8.2 1123, 8.3 133, 8.4 23, 9.1 111, 9.2 1222,
  10.1 22, 10.2 223, 10.3 22223, 10.4 1111122222233333, 10.5 22222, 10.6 22, 10.7 222,
  11.1 2233, 11.2 22233, 11.3 11233, 11.4 1222, 11.5 23, 11.6 23, 11.7 33, 12.1 12233, 12.2 11, 12.3 22223,
  13.1 2333, 13.2 222223, 13.3 2233, 13.4 1222233, 14.1 22, 14.2 12223333, 14.3 122, 15.1 12233, 15.2 12233, 15.3 1222222, 15.4 3333,
  16.1 2, 16.2 22222, 16.3 2222, 16.4 222, 16.5 2223, 17.1 23, 17.2 22223333, 17.3 22`;

let table: string;
let left: string;
beforeAll(async () => {
  [table = "", left = ""] = (await readFile(join(root, "src/access/ASVS.md"), "utf8")).split("## What doesn't apply");
});

it("each file that the table of OWASP ASVS names is there", async () => {
  const paths = new Set([...table.matchAll(/`((?:src|tests|bots|widget|agent-desk)\/[\w./-]+)`/g)].map(([, path = ""]) => path));
  expect(paths.size).toBeGreaterThan(60);
  const missing: string[] = [];
  for (const path of paths)
    await access(join(root, path)).catch(() => {
      missing.push(path);
    });
  expect(missing).toEqual([]);
});

it("each requirement of levels 1 and 2 stands there once, with its level and what is true of it, or among those that don't apply", () => {
  const required = [...standard.matchAll(/(\d+\.\d+) (\d+)/g)].flatMap(([, section, levels = ""]) =>
    [...levels].map((level, index) => ({ number: `${section}.${index + 1}`, level })),
  );
  const of = (level: string) => required.filter((each) => each.level === level).length;
  expect([of("1"), of("2"), of("3")]).toEqual([70, 183, 92]);
  const rows = [...table.matchAll(/^\| (\d+\.\d+\.\d+) \| (\d) \| [^|]+ \| (met|part|no|outside) \| [^|]{3,} \|$/gm)];
  const said = rows.map(([, number = "", level = ""]) => ({ number, level }));
  const leftOut = [...left.matchAll(/^\| (\d[^|]+) \| [^|]{3,} \|$/gm)].flatMap(([, numbers = ""]) => numbers.split(", ").flatMap(through));
  const expected = required.filter(({ level, number }) => level !== "3" && !leftOut.includes(number));
  expect(said).toEqual(expected);
  expect(said.length + leftOut.length).toBe(70 + 183);
  const [, one, two, met, part, outside, not] =
    /\((\d+) of level 1, (\d+) of level 2\).*?(\d+) are met, (\d+) in part, (\d+) lie outside, (\d+) is not met/s.exec(table) ?? [];
  const count = (state: string) => String(rows.filter((row) => row[3] === state).length);
  const levels = ["1", "2"].map((level) => String(said.filter((each) => each.level === level).length));
  expect([one, two, met, part, outside, not]).toEqual([...levels, count("met"), count("part"), count("outside"), count("no")]);
});

/** "10.3.1 to 10.3.4" */
function through(written: string): string[] {
  const [first = "", last = first] = written.split(" to ");
  const section = first.slice(0, first.lastIndexOf(".") + 1);
  const [from, to] = [first, last].map((number) => Number(number.slice(section.length)));
  return Array.from({ length: (to ?? 0) - (from ?? 0) + 1 }, (_, index) => `${section}${(from ?? 0) + index}`);
}
