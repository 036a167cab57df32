import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

/** What `npm run build` made: `npm test` builds it first. */
const built = "dist/widget";

async function gzipped(name: string): Promise<number> {
  return gzipSync(await readFile(`${built}/${name}`), { level: 9 }).length;
}

/** As the bench measures them in a browser, where headers come on top. */
test("the chat costs a page 3 kB of script before it is opened, and 25 kB when it is, in whatever language", async () => {
  expect(await gzipped("widget.js")).toBeLessThanOrEqual(3000);
  const names = await readdir(built);
  const chat = names.filter((name) => /^chat(-.*)?\.js$/.test(name));
  expect(chat).toHaveLength(2);
  const texts = await Promise.all(names.filter((name) => /^(en|pt-BR|es|fr|de)-.*\.js$/.test(name)).map(gzipped));
  // The texts of the chat and those of what comes later, of five languages.
  expect(texts).toHaveLength(10);
  const sizes = await Promise.all(chat.map(gzipped));
  expect(sizes.reduce((sum, size) => sum + size, Math.max(...texts))).toBeLessThanOrEqual(25_000);
});
