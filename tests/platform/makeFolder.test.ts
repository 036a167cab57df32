import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "../../src/platform/dataDir/makeFolder.ts";

let above: string;
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), "switchboard-folder-"));
});
afterEach(() => rm(above, { recursive: true, force: true }));

test("folders are made with those above them, also by several at once, and again", async () => {
  const folder = join(above, "a", "b", "c");
  await Promise.all(Array.from({ length: 8 }, () => makeFolder(folder)));
  await makeFolder(folder);
  expect((await stat(folder)).isDirectory()).toBe(true);
});

test("a file in the way is told in one sentence", async () => {
  await writeFile(join(above, "file"), "");
  for (const folder of [join(above, "file"), join(above, "file", "data")]) {
    await expect(makeFolder(folder)).rejects.toMatchObject({
      code: "unavailable",
      message: `DATA_DIR (${folder}) is not a folder; correct that, or set DATA_DIR to another folder.`,
    });
  }
});

// Node's own recursive mkdir never comes back from there.
test.runIf(process.platform === "linux")("where nothing can be made it is told, not tried for ever", async () => {
  await expect(makeFolder("/proc/switchboard/data")).rejects.toMatchObject({ code: "unavailable" });
});
