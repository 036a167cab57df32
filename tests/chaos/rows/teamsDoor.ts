import { once } from "node:events";
import { createServer } from "node:http";
import { type Chats, connectChats, reversed, saidHere, withChats } from "../chats/chats.ts";
import { moveClock, noFakeTime, withFakeTime } from "../processes/fakeTime.ts";
import { pause, soon } from "../processes/until.ts";
import { type Findings, type Row, require, type Scale } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 42 and 43: whom Teams' door believes, and where its answers go. */
export const teamsDoor: Row[] = [
  withChats(
    { number: 42, fault: "the Bot Framework's keys are down, and another key signs", shape: "one", missing: noFakeTime, inject: keys },
    withFakeTime,
  ),
  withChats({ number: 43, fault: "serviceUrl is another one", shape: "one", inject: serviceUrl }),
];

const hourSeconds = 3600;
/** Whatever the product's clock says. */
const always = { exp: Math.floor(Date.now() / 1000) + 90 * hourSeconds };
const again = { seconds: 5 * 60, ms: 3000 };

async function keys(world: World, { seconds }: Scale): Promise<Findings> {
  const { teams } = await connectChats(world);
  const { server } = teams;
  let n = 0;
  const heard: string[] = [];
  const say = async (header: object = {}): Promise<number> => {
    const text = `Who signs ${n++}?`;
    const { status } = await teams.send(teams.shape("message", "ann", "personal", { text, entities: [] }), { claims: always, header });
    if (status === 200) heard.push(text);
    return status;
  };
  const forged = () =>
    teams.send(teams.shape("message", "ann", "personal", { text: "Who signs forged?", entities: [] }), {
      authorization: forgedToken(server),
    });
  const first = await say();
  const found = await world.fault("keys down, then another", async () => {
    server.keysAreDown(true);
    moveClock(world.dataDir, 23 * hourSeconds);
    const cached = await say();
    const before = server.keysAsked();
    const over = performance.now() + Math.min(seconds, 20) * 1000;
    const unknown: number[] = [];
    while (performance.now() < over) {
      unknown.push(await say({ kid: `unknown-${n}` }), (await forged()).status);
      await pause(50);
    }
    const askedForUnknown = server.keysAsked() - before;
    moveClock(world.dataDir, 25 * hourSeconds);
    const old = await say();
    const oldForged = (await forged()).status;
    server.keysAreDown(false);
    await pause(again.ms);
    const back = await say();
    server.rotate();
    const tooEarly = await say();
    moveClock(world.dataDir, 25 * hourSeconds + again.seconds + 10);
    const rotated = await say();
    moveClock(world.dataDir, 0);
    return { cached, unknown, askedForUnknown, old, oldForged, back, tooEarly, rotated };
  });
  await soon(20_000, async () => (await saidHere(world, "Who signs %")).size === heard.length);
  const here = await saidHere(world, "Who signs %");
  const { cached, unknown, askedForUnknown, old, oldForged, back, tooEarly, rotated } = found;
  return {
    injected: `keys that are down for 25 h, ${unknown.length} requests with keys that aren't there, and a new key`,
    figures: { askedForUnknown },
    violations: [
      ...require(first === 200 && cached === 200, `with a key of 23 h it was answered with ${cached}`),
      ...require(unknown.every(
        (status) => status === 401,
      ), `an unknown or forged key was answered with ${unknown.find((status) => status !== 401)}`),
      ...require(askedForUnknown <= 1, `for unknown keys it was asked ${askedForUnknown} times in 5 minutes`),
      ...require(old === 503, `with a key of 25 h it was answered with ${old}`),
      ...require(oldForged !== 200, "a forged token was taken while no key was known"),
      ...require(back === 200, `once the keys were back it was answered with ${back}`),
      ...require(tooEarly === 401 && rotated === 200, `another key was answered with ${tooEarly}, and after 5 minutes with ${rotated}`),
      ...require(same(here, heard), `of ${heard.length} that were taken ${here.size} are there`),
    ],
  };
}

/** Signed by nobody who may, under the name of the key that may. */
function forgedToken(server: Chats["teams"]["server"]): string {
  const [head = "", body = ""] = server.sign({ ...always, iss: "https://api.botframework.com" }).split(".");
  return `Bearer ${head}.${body}.${Buffer.from("nobody who may").toString("base64url")}`;
}

function same(found: ReadonlyMap<string, number>, wanted: readonly string[]): boolean {
  return found.size === wanted.length && wanted.every((text) => found.get(text) === 1);
}

async function serviceUrl(world: World): Promise<Findings> {
  const { teams } = await connectChats(world);
  const strange: string[] = [];
  const elsewhere = createServer((request, answer) => {
    strange.push(request.url ?? "");
    answer.writeHead(201, { "content-type": "application/json" }).end('{"id":"1"}');
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  world.afterwards(async () => void elsewhere.close());
  const address = elsewhere.address();
  const evil = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`;
  const moved = `${teams.server.url}/amer/`;
  let n = 0;
  const send = async (url: string | undefined, claimed: string | undefined, authorization?: string | null) => {
    const word = `where ${n++}`;
    const activity = teams.shape("message", "ann", "personal", {
      text: `reverse ${word}`,
      entities: [],
      ...(url === undefined ? {} : { serviceUrl: url }),
    });
    const { status } = await teams.send(activity, {
      ...(claimed === undefined ? {} : { claims: { serviceurl: claimed } }),
      ...(authorization === undefined ? {} : { authorization }),
    });
    return { status, answer: reversed(word) };
  };
  const answered = (answer: string) => soon(20_000, () => teams.seen("ann", "personal").some(({ text }) => text.includes(answer)));
  const writtenTo = () => [...new Set(teams.server.asked.filter(({ method }) => method === "POST").map(({ path }) => path.split("/")[1]))];

  const usual = await send(undefined, undefined);
  const isAnswered = await answered(usual.answer);
  const refused = await world.fault("another serviceUrl", async () => [
    await send(evil, evil),
    await send(evil, undefined),
    await send(moved, undefined),
    await send(evil, evil, null),
    await send(moved, moved, "Bearer a.b.c"),
  ]);
  await pause(2000);
  const untouched = writtenTo();
  const allowed = await send(moved, moved);
  const isMoved = await answered(allowed.answer);
  const statuses = refused.map(({ status }) => status);
  return {
    injected: "addresses of strangers, and one of Microsoft's with a token for another, without one, and at last with its own",
    violations: [
      ...require(usual.status === 200 && isAnswered, "what came as usual was not answered"),
      ...require(statuses.join() === "403,401,401,401,401", `another address was answered with ${statuses.join(", ")}`),
      ...require(strange.length === 0, `a stranger was written to: ${strange[0]}`),
      ...require(untouched.join() === "emea", `by an activity that was refused answers go to ${untouched.join(", ")}`),
      ...require(allowed.status === 200 &&
        isMoved &&
        writtenTo().includes("amer"), "what was verified for another address was not answered there"),
    ],
  };
}
