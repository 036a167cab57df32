import { startChat } from "../chat.ts";
import { moveClock, noFakeTime, withFakeTime } from "../processes/fakeTime.ts";
import { pause, soon } from "../processes/until.ts";
import { hire } from "../routing/hire.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";
import { enrol, judgeCodes } from "./clockCodes.ts";
import { startSchedule } from "./clockSchedule.ts";

/** Row 49: the clock on the wall jumps; the one that only counts goes on. */
export const clock: Row[] = [
  {
    number: 49,
    fault: "clock two hours ahead, then a day back",
    shape: "one",
    missing: noFakeTime,
    environment: withFakeTime,
    inject: jump,
  },
];

const [aheadSeconds, backSeconds] = [7200, -86_400];

async function jump(world: World, { seconds }: Scale): Promise<Findings> {
  const chat = await startChat(world, { visitors: 16, tabs: 6, held: 6, perSecond: 20 });
  const schedule = await startSchedule(world, await world.agent(2, 0));
  const [account = world.account(1)] = await hire(world, ["Otto"], 1);
  const authenticator = await enrol(world, account);
  await schedule.comeDue();
  const before = await authenticator.list();
  const at = async (offset: number) => {
    moveClock(world.dataDir, offset);
    await pause(Math.min(seconds, 4) * 1000);
    const status = await authenticator.list();
    const shown = await authenticator.show(offset);
    await schedule.comeDue();
    return { status, shown };
  };
  const [ahead, back] = await world.fault("jumps", async () => [await at(aheadSeconds), await at(backSeconds)] as const);
  const after = await at(0);
  chat.say();
  const quiet = await soon(10_000, () => world.visitors.every(({ waiting }) => waiting === 0));
  chat.stop();
  return {
    injected: "the product's clock at +2 h, then at -1 day, then right, while people talk, sign in with codes, and a schedule comes due",
    violations: [
      ...require(before === 200, `a list was answered with ${before} before`),
      ...require(ahead.status === 401, `an access token that had expired was answered with ${ahead.status}`),
      ...require(back.status === 401 || back.status === 200, `a list was answered with ${back.status} a day back`),
      ...require(quiet, "something is still unanswered"),
      ...judgeCodes({ ahead: ahead.shown, back: back.shown, after: after.shown }),
      ...(await schedule.judge()),
    ],
  };
}
