import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { StaffCommand } from "../../src/commands/command.ts";
import { connectNats } from "../../src/platform/bus/nats.ts";
import { describeWithOwnNats, type PrivateNats, startNats } from "../fixtures/privateNats.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { silentLog } from "../fixtures/silentLog.ts";

const root = join(import.meta.dirname, "../..");
const guide = readFileSync(join(root, "GUIDE.md"), "utf8");

function blockOf(language: string): string {
  const [, block] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``).exec(guide) ?? [];
  if (block === undefined) throw new Error(`the guide has no ${language}`);
  return block;
}

describeWithOwnNats("the guide", () => {
  let nats: PrivateNats;
  let product: TestProduct;
  let python: ChildProcess | undefined;

  beforeAll(async () => {
    nats = await startNats();
    product = await openProduct({ bus: await connectNats({ url: nats.url, log: silentLog }), roles: "gateway,router" });
  });
  afterAll(async () => {
    python?.kill("SIGKILL");
    await product?.stop();
    await nats?.stop();
  });

  it("shows an automation in Python that is found and answers", async () => {
    python = spawn("python3", ["-c", blockOf("python")], {
      env: { ...process.env, NATS_URL: nats.url },
      stdio: ["ignore", "ignore", "inherit"],
    });
    const { page } = await product.visit();
    const ask = async (line: string) => (await page.answerTo(await page.say(line))).text;
    await expect.poll(() => ask("postage 800 abroad"), { timeout: 10_000, interval: 300 }).toBe("It costs 6.50 EUR.");
    expect(await ask("postage grams:1000")).toBe("It costs 5.30 EUR.");
    expect(await ask("postage 40000")).toContain('"grams" must be 31500 or less.');
    expect(await ask("postage to:abroad grams:30000")).toContain("Abroad a parcel weighs 20 kg at most.");
    expect(await ask("help")).toContain("postage {grams} [to]: Tells what a parcel costs.");
  });

  it("shows a built-in command that is whole", async () => {
    const file = join(root, "dist/guide/daysCommands.ts");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, blockOf("ts").replaceAll('"../', `"${root}/src/`));
    const { daysBetween }: { daysBetween: StaffCommand } = await import(file);
    const run = (args: object) => daysBetween.run(Object.assign(Object.create(null), { args }));
    expect((await run({ from: "2026-11-20", to: "2026-11-24" })).data).toEqual({ days: 2 });
    await expect(run({ from: "2026-11-24", to: "2026-11-20" })).rejects.toMatchObject({ code: "invalid_value", path: "args.to" });
  });
});
