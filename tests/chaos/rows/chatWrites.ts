import { directOf } from "../../fixtures/slackWorld.ts";
import { connectChats, reversed, slackPeople, slackSaid, teamsPeople, tellUntilTaken, withChats } from "../chats/chats.ts";
import { query } from "../processes/postgres.ts";
import { soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Row 41: Slack and Teams ask to wait, fail, and say nothing of what they did. */
export const chatWrites: Row[] = [
  withChats({
    number: 41,
    fault: "429, 500 and silence from Slack and Teams after what we write",
    shape: "one",
    seconds: 30,
    inject: write,
  }),
];

const messages = 6;
/** What is on its way when it is asked to wait arrives still. */
const onItsWayMs = 500;

async function write(world: World, { seconds }: Scale): Promise<Findings> {
  const chats = await connectChats(world);
  const { slack, teams } = chats;
  // Of three digits, so that none is a part of another.
  let n = 100;
  /** Asks what an automation answers at once, so that each answer is known, and is one message. */
  const ask = async (service: "slack" | "teams"): Promise<string> => {
    const word = `${service} says ${n++}`;
    const text = `reverse ${word}`;
    const person = n % 2;
    const { payload } = slackSaid(chats, slackPeople[person] ?? "", text);
    const activity = teams.shape("message", teamsPeople[person] ?? "", "personal", { text, entities: [] });
    await tellUntilTaken(() => (service === "slack" ? slack.send("events", payload) : teams.send(activity)));
    return reversed(word);
  };
  const stands = (service: "slack" | "teams", answer: string): number =>
    (service === "slack"
      ? slackPeople.flatMap((user) => slack.seen(user, directOf(slack.world, user).id))
      : teamsPeople.flatMap((user) => teams.seen(user, "personal"))
    ).filter(({ text }) => text.includes(answer)).length;
  const statesOf = async () =>
    new Map(
      (await query(world.databaseUrl, "select what->'drawing'->>'text' as text, state from channel_out where what->>'do' = 'post'")).map(
        ({ text, state }) => [String(text), String(state)],
      ),
    );
  const stateOf = (states: ReadonlyMap<string, string>, answer: string) =>
    [...states].find(([text]) => text.includes(answer))?.[1] ?? "none";

  const asked = { slack: [] as string[], teams: [] as string[] };
  const posts = () => slack.asked.filter(({ method }) => method === "chat.postMessage").map(({ at }) => at);
  const early = await world.fault("429, 500, silence", async () => {
    for (const service of ["slack", "teams"] as const) asked[service].push(await ask(service));
    await soon(20_000, () => stands("slack", asked.slack[0] ?? "") + stands("teams", asked.teams[0] ?? "") === 2);
    const before = posts().length;
    slack.fail("chat.postMessage", { status: 429, retryAfter: seconds });
    teams.server.fail({ status: 429, retryAfter: seconds });
    for (let time = 0; time < messages; time++) for (const service of ["slack", "teams"] as const) asked[service].push(await ask(service));
    await soon(seconds * 1000 + 30_000, () => asked.slack.every((answer) => stands("slack", answer) > 0), 100);
    const [held = 0, ...after] = posts().slice(before);
    const early = after.filter((at) => at > held + onItsWayMs && at < held + seconds * 1000 - onItsWayMs);
    await soon(30_000, () => asked.teams.every((answer) => stands("teams", answer) > 0), 100);

    slack.fail("chat.postMessage", { status: 500 }, { connection: "reset", done: true }, { connection: "silent", done: true });
    for (let time = 0; time < messages; time++) asked.slack.push(await ask("slack"));
    teams.server.fail({ status: 500 }, "reset");
    for (let time = 0; time < messages; time++) asked.teams.push(await ask("teams"));
    return early;
  });
  const ended = async () => {
    const states = await statesOf();
    return [...asked.slack, ...asked.teams].every((answer) => ["sent", "unknown", "refused"].includes(stateOf(states, answer)));
  };
  const isEnded = await soon(90_000, ended, 200);
  const states = await statesOf();
  const wrong = (["slack", "teams"] as const).flatMap((service) =>
    asked[service].flatMap((answer) => {
      const [state, count] = [stateOf(states, answer), stands(service, answer)];
      // Teams can't be asked: of what it did without a word it is said that nobody knows, and it isn't written again.
      const holds = count === 1 && (state === "sent" || (service === "teams" && state === "unknown"));
      return require(holds, `"${answer}" stands in ${service} ${count} times, and counts as ${state}`);
    }),
  );
  const unknown = asked.teams.filter((answer) => stateOf(states, answer) === "unknown").length;
  return {
    injected: `a 429 of ${seconds} s, a 500, and answers that got lost, in ${asked.slack.length + asked.teams.length} messages`,
    figures: { unknown },
    violations: [
      ...require(isEnded, "something neither arrived nor was given up"),
      ...require(early.length === 0, `Slack was asked ${early.length} times while it wanted us to wait`),
      ...require(unknown > 0, "nothing in Teams is told as unknown, though an answer got lost"),
      ...wrong,
    ],
  };
}
