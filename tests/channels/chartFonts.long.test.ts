import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { createChartDrawer } from "../../src/channels/charts/chartPicture.ts";
import type { ChartBlock } from "../../src/protocol/blocks.ts";

const folder = resolve("tests/.output/chartFonts");
const chart: ChartBlock = { type: "chart", title: "Orders", labels: ["North", "שלום"], series: [{ name: "orders", values: [3, 4] }] };

afterAll(() => rm(folder, { recursive: true, force: true }));

it("a machine on which no font is installed draws the same picture", async () => {
  await mkdir(folder, { recursive: true });
  const program = `import { createChartDrawer } from "${resolve("src/channels/charts/chartPicture.ts")}";
    import { writeFileSync } from "node:fs";
    const png = await createChartDrawer()(${JSON.stringify(chart)});
    writeFileSync(process.argv[2], png);`;
  await writeFile(`${folder}/fonts.conf`, `<?xml version="1.0"?><fontconfig><dir>${folder}/none</dir></fontconfig>`);
  await build({
    stdin: { contents: program, resolveDir: folder, loader: "ts" },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["sharp"],
    outfile: `${folder}/draw.mjs`,
  });
  const env = { ...process.env, FONTCONFIG_FILE: `${folder}/fonts.conf` };
  await promisify(execFile)(process.execPath, [`${folder}/draw.mjs`, `${folder}/bare.png`], { env });
  expect((await readFile(`${folder}/bare.png`)).equals((await createChartDrawer()(chart)) ?? Buffer.alloc(0))).toBe(true);
});
