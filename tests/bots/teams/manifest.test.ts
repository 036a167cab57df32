import { promisify } from "node:util";
import sharp from "sharp";
import { expect, it } from "vitest";
import { type Entry, fromBuffer, type ZipFile } from "yauzl";
import { teamsIcons } from "../../../bots/teams/icons.ts";
import { teamsManifest, teamsPackage } from "../../../bots/teams/manifest.ts";

const bot = { appId: "c9e8c047-2a74-40a2-b28a-b162d5f5327c", publicUrl: "https://switchboard.example:8443/" };

it("is a package of the manifest and two icons, as Teams asks for them, the same for the same bot", async () => {
  const icons = await teamsIcons();
  const first = await teamsPackage(bot, icons);
  expect((await teamsPackage(bot, await teamsIcons())).equals(first)).toBe(true);
  const files = await filesOf(first);
  expect([...files.keys()]).toEqual(["manifest.json", "color.png", "outline.png"]);
  expect(JSON.parse(files.get("manifest.json")?.toString() ?? "")).toEqual(teamsManifest(bot));
  const sizes = await Promise.all(["color.png", "outline.png"].map((name) => sharp(files.get(name)).metadata()));
  expect(sizes.map(({ width, height }) => [width, height])).toEqual([
    [192, 192],
    [32, 32],
  ]);
});

it("keeps the limits of the manifest's schema", () => {
  const manifest = teamsManifest(bot);
  expect(manifest.name.short.length).toBeLessThanOrEqual(30);
  expect(manifest.description.short.length).toBeLessThanOrEqual(80);
  expect(manifest.description.full.length).toBeLessThanOrEqual(4000);
  expect(manifest.validDomains).toEqual(["switchboard.example"]);
  expect(manifest.bots[0]).toMatchObject({ botId: bot.appId, scopes: ["personal", "team", "groupChat"] });
  for (const { title, description } of manifest.composeExtensions[0]?.commands ?? []) {
    expect(title.length).toBeLessThanOrEqual(32);
    expect(description.length).toBeLessThanOrEqual(128);
  }
});

async function filesOf(zipped: Buffer): Promise<Map<string, Buffer>> {
  const zip = await promisify<Buffer, object, ZipFile>(fromBuffer)(zipped, { lazyEntries: true });
  const files = new Map<string, Buffer>();
  for (zip.readEntry(); ; zip.readEntry()) {
    const entry = await new Promise<Entry | undefined>((resolve) => {
      zip.once("entry", resolve);
      zip.once("end", () => resolve(undefined));
    });
    if (entry === undefined) return files;
    const parts: Buffer[] = [];
    for await (const part of await promisify(zip.openReadStream.bind(zip, entry))()) parts.push(Buffer.from(part));
    files.set(entry.fileName, Buffer.concat(parts));
  }
}
