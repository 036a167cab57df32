import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startChat } from "../chat.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 49: the clock on the wall jumps; the one that only counts goes on. */
export const clock: Row[] = [
  {
    number: 49,
    fault: "clock two hours ahead, then a day back",
    shape: "one",
    missing: () => (library() === undefined ? "libfaketime is not installed" : undefined),
    environment: (folder) => {
      const file = join(folder, "clock");
      writeFileSync(file, "+0\n");
      return {
        LD_PRELOAD: library() ?? "",
        FAKETIME_TIMESTAMP_FILE: file,
        FAKETIME_NO_CACHE: "1",
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      };
    },
    inject: jump,
  },
];

function library(): string | undefined {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
    .map((folder) => join(folder, "faketime/libfaketime.so.1"))
    .find((path) => existsSync(path));
}

async function jump(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 6, held: 6, perSecond: 20 });
  const agent = chat.agents[0];
  const before = await agent?.get("/api/v1/commands");
  const at = (offset: string) => {
    writeFileSync(join(world.dataDir, "clock"), `${offset}\n`);
    return pause(Math.min(seconds, 4) * 1000);
  };
  const [ahead, back] = await world.fault("jumps", async () => {
    await at("+7200");
    const statusAhead = await agent?.get("/api/v1/commands");
    await at("-86400");
    return [statusAhead, await agent?.get("/api/v1/commands")] as const;
  });
  await at("+0");
  chat.say();
  const quiet = await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  chat.stop();
  return {
    injected: "the product's clock at +2 h, then at -1 day, then right, while people talk",
    violations: [
      ...require(before === 200, `a list was answered with ${before} before`),
      ...require(ahead === 401, `an access token that had expired was answered with ${ahead}`),
      ...require(back === 401 || back === 200, `a list was answered with ${back} a day back`),
      ...require(quiet, "something is still unanswered"),
    ],
  };
}
