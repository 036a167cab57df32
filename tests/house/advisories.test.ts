import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

/** Advisories of comparable products, by the numbers of their list: who may reach what, who is who, and what is asked of others. */
const required = {
  tenancy: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
  auth: [18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33],
  sql: [51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64],
};

it("each advisory that was broken elsewhere has a test here that bears its number", async () => {
  const found = new Map<string, string[]>();
  const here = import.meta.dirname;
  for (const name of await readdir(join(here, ".."), { recursive: true })) {
    if (!name.endsWith(".ts")) continue;
    const text = await readFile(join(here, "..", name), "utf8");
    for (const [title] of text.matchAll(/\b(?:it|test|describe)(?:\.each.*?\))?\(\s*(["'`]).*?\1/gs))
      for (const [number] of title.matchAll(/sec\/(?:tenancy|auth|sql)\/\d+/g)) found.set(number, [...(found.get(number) ?? []), name]);
  }
  const missing = Object.entries(required).flatMap(([room, numbers]) =>
    numbers.map((number) => `sec/${room}/${number}`).filter((number) => !found.has(number)),
  );
  expect(missing).toEqual([]);
});
