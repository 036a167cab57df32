import {
  type Chats,
  connectChats,
  saidHere,
  slackEdited,
  slackPeople,
  slackSaid,
  teamsPeople,
  tellUntilTaken,
  withChats,
} from "../chats/chats.ts";
import { quantile } from "../history/prompt.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 39 and 40: what is said in Slack and Teams comes often, late, in any order, and while the database is slow or away. */
export const chatEvents: Row[] = [
  withChats({
    number: 39,
    fault: "what is said in Slack and Teams told four times, out of order, an hour late",
    shape: "one",
    inject: often,
  }),
  withChats({ number: 40, fault: "Slack waits for a slow database, and for none", shape: "one", inject: slow }),
];

const times = 4;
const hourSeconds = 3600;

async function often(world: World, { seconds }: Scale): Promise<Findings> {
  const chats = await connectChats(world);
  const count = Math.max(12, Math.round(seconds * 4));
  const wanted = new Set<string>();
  const tellings: (() => Promise<number[]>)[] = [];
  for (let n = 0; n < count; n++) {
    const word = { said: `Question ${n}.`, edited: `Question ${n} anew.` };
    wanted.add(n % 3 === 0 ? word.edited : word.said);
    const sends = n % 2 === 0 ? inSlack(chats, n, word) : inTeams(chats, n, word);
    for (const send of sends) for (let time = 0; time < times; time++) tellings.push(() => tellUntilTaken(send));
  }
  const statuses = await world.fault("often, late, in any order", async () => {
    const told = shuffled(world, tellings).map(async (tell, index) => {
      await pause((index / tellings.length) * seconds * 1000);
      return await tell();
    });
    // In the middle of it the process dies, and what had no 200 is told again.
    await pause(seconds * 500);
    const product = world.product("a");
    await product.kill();
    await product.start();
    return await Promise.all(told);
  });
  const found = () => saidHere(world, "Question %");
  await soon(45_000, async () => same(wanted, await found()), 200);
  // What would come once more comes now.
  await pause(1000);
  const here = await found();
  const wrong = [...wanted].filter((text) => here.get(text) !== 1);
  const more = [...here.keys()].filter((text) => !wanted.has(text));
  const gaps = await query(
    world.databaseUrl,
    `select conversation_id from message group by 1 having max(seq) <> count(*) or min(seq) <> 1`,
  );
  return {
    injected: `${count} messages and ${Math.ceil(count / 3)} changes of them, each ${times} times in any order, and a killed process between`,
    figures: { told: statuses.length, refusedFirst: statuses.filter(([first]) => first !== 200).length },
    violations: [
      ...require(statuses.every((all) => all.at(-1) === 200), "something was never taken"),
      ...wrong.flatMap((text) => require(false, `"${text}" stands there ${here.get(text) ?? 0} times`)),
      ...more.flatMap((text) => require(false, `"${text}" is there, and was changed`)),
      ...require(gaps.length === 0, `${gaps.length} conversations have gaps in their order`),
    ],
  };
}

interface Word {
  said: string;
  edited: string;
}

type Send = () => Promise<{ status: number }>;

function inSlack(chats: Chats, n: number, { said, edited }: Word): Send[] {
  const user = slackPeople[Math.floor(n / 2) % slackPeople.length] ?? "";
  const { ts, payload } = slackSaid(chats, user, said, hourSeconds);
  const first = () => chats.slack.send("events", payload);
  if (n % 3 !== 0) return [first];
  const change = slackEdited(chats, user, ts, edited);
  return [first, () => chats.slack.send("events", change.payload)];
}

function inTeams({ teams }: Chats, n: number, { said, edited }: Word): Send[] {
  const user = teamsPeople[Math.floor(n / 2) % teamsPeople.length] ?? "";
  const hourAgo = new Date(Date.now() - hourSeconds * 1000).toISOString();
  const activity = teams.shape("message", user, "personal", { text: said, entities: [], timestamp: hourAgo });
  const first = () => teams.send(activity);
  if (n % 3 !== 0) return [first];
  const channelData = { tenant: { id: teams.organisation }, eventType: "editMessage" };
  const change = { ...teams.shape("message", user, "personal"), type: "messageUpdate", id: activity.id, text: edited, channelData };
  return [first, () => teams.send(change)];
}

function shuffled<Thing>(world: World, things: readonly Thing[]): Thing[] {
  return things
    .map((thing) => ({ thing, at: world.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}

function same(wanted: ReadonlySet<string>, found: ReadonlyMap<string, number>): boolean {
  return wanted.size === found.size && [...wanted].every((text) => found.get(text) === 1);
}

/** Slack asks again after 3 s, and for the third part of it nobody must be near that: the commit itself takes a second (decision 128). */
const slackWaitsMs = 3000;
const slowMs = 1000;
const mostP99Ms = 2 * slowMs;

async function slow(world: World, { seconds }: Scale): Promise<Findings> {
  const chats = await connectChats(world);
  let n = 0;
  const sent: { text: string; send: Send; status: number }[] = [];
  const say = async (): Promise<{ status: number; ms: number }> => {
    const text = `Is it slow ${n++}?`;
    const { payload } = slackSaid(chats, slackPeople[n % slackPeople.length] ?? "", text);
    const send = () => chats.slack.send("events", payload);
    const at = performance.now();
    const { status } = await send().catch(() => ({ status: 0 }));
    sent.push({ text, send, status });
    return { status, ms: performance.now() - at };
  };
  const going = async () => {
    const over = performance.now() + seconds * 1000;
    const answers: { status: number; ms: number }[] = [];
    const one = async () => {
      while (performance.now() < over) answers.push(await say());
    };
    await Promise.all([one(), one()]);
    return answers;
  };
  // To open a connection takes three times what a statement does: those that are used are there.
  await Promise.all(Array.from({ length: 20 }, say));
  await soon(10_000, async () => (await saidHere(world, "Is it slow %")).size === n);
  // Both directions: a statement takes it twice.
  world.databaseProxy.delay(slowMs / 2);
  const late = await world.fault("slow database", going);
  world.databaseProxy.pass();
  await pause(500);
  const away = await world.fault("no database", async () => {
    world.databaseProxy.refuse(true);
    world.databaseProxy.reset();
    await pause(200);
    const answers = [await say(), await say(), await say()];
    await pause(seconds * 500);
    answers.push(await say());
    world.databaseProxy.refuse(false);
    return answers;
  });
  // What had its 200 isn't told again: it must be there.
  const refused = sent.filter(({ status }) => status !== 200);
  const again = await Promise.all(refused.map(({ send }) => tellUntilTaken(send)));
  const found = () => saidHere(world, "Is it slow %");
  const wanted = new Set(sent.map(({ text }) => text));
  await soon(45_000, async () => same(wanted, await found()), 200);
  await pause(1000);
  const here = await found();
  const taken = late.filter(({ status }) => status === 200);
  const p99Ms = quantile(
    taken.map(({ ms }) => ms),
    0.99,
  );
  const longestMs = Math.max(...taken.map(({ ms }) => ms));
  const lost = [...wanted].filter((text) => here.get(text) !== 1);
  return {
    injected: `${late.length} messages while every statement takes a second longer, and ${away.length} without a database`,
    figures: { p99Ms, longestMs, notTakenAtOnce: late.length - taken.length },
    violations: [
      // A connection that is new takes longer than its deadline of 3 s: that is 503, and Slack asks again.
      ...require(late.every(({ status }) => status === 200 || status === 503), "a slow database led to another answer than 200 or 503"),
      ...require(taken.length > late.length / 2, `of ${late.length} messages only ${taken.length} were taken at once`),
      ...require(p99Ms <= mostP99Ms, `the 200 took ${Math.round(p99Ms)} ms (p99)`),
      ...require(longestMs < slackWaitsMs, `a 200 came after ${Math.round(longestMs)} ms, when Slack had gone`),
      ...require(away.every(({ status }) => status === 503), `without a database it was answered with ${away.map(({ status }) => status)}`),
      ...require(again.every((all) => all.at(-1) === 200), "something was never taken"),
      ...lost.flatMap((text) => require(false, `"${text}" stands there ${here.get(text) ?? 0} times`)),
    ],
  };
}
