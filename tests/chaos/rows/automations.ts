import { connect, type ServiceMsg } from "nats";
import { startChat } from "../chat.ts";
import { query } from "../processes/postgres.ts";
import { pause, soon, until } from "../processes/until.ts";
import { type Findings, type Row, require } from "../row.ts";
import type { World } from "../world.ts";

/** Rows 13, 16 and 17: answers that can't be kept, never come, or are more than anybody reads. */
export const automations: Row[] = [
  { number: 13, fault: "poison message", shape: "one", inject: poison },
  { number: 16, fault: "automation that never answers", shape: "two", inject: silence },
  { number: 17, fault: "automation that answers too much, or no text", shape: "two", inject: tooMuch },
];

/** Five leases of 5 s, and the sweeps between them. */
const buriedWithinMs = 45_000;

async function poison(world: World): Promise<Findings> {
  const chat = await startChat(world, { visitors: 10, tabs: 2, held: 0, perSecond: 10 });
  // An answer that the database refuses, whoever tries: what a fault in a command or in the product would do.
  await query(
    world.databaseUrl,
    `create function refuse_poison() returns trigger language plpgsql as
       $$ begin if new.author_kind = 'bot' and new.text like '%poison%' then raise exception 'poison'; end if; return new; end $$`,
  );
  await query(world.databaseUrl, "create trigger poison before insert on message for each row execute function refuse_poison()");
  const unlucky = chat.visitors[0];
  if (unlucky === undefined) throw new Error("nobody is there");
  const buriedMs = await world.fault("poison", async () => {
    const at = performance.now();
    unlucky.say("reverse this is poison");
    await soon(buriedWithinMs, async () => (await dead(world)) === 1, 100);
    return performance.now() - at;
  });
  unlucky.say("reverse and it goes on");
  await pause(1500);
  chat.stop();
  const [notes] = await query(
    world.databaseUrl,
    "select count(*)::int as n from note where conversation_id = $1 and text like '%could not answer%'",
    [unlucky.conversation],
  );
  const [turn] = await query(
    world.databaseUrl,
    "select attempts, dead_reason from turn where conversation_id = $1 and dead_reason is not null",
    [unlucky.conversation],
  );
  // The checker reports every turn that was put aside, as it should: this one was looked into.
  await query(world.databaseUrl, "delete from turn where dead_reason is not null");
  return {
    injected: "a message whose answer the database refuses",
    figures: { buriedMs, attempts: Number(turn?.["attempts"] ?? 0) },
    violations: [
      ...require(buriedMs <= buriedWithinMs, "its turn was never put aside"),
      ...require(Number(turn?.["attempts"]) === 5, `it was tried ${String(turn?.["attempts"])} times`),
      ...require(Number(notes?.["n"]) === 1, `the agents have ${String(notes?.["n"])} notes of it`),
    ],
  };
}

async function dead(world: World): Promise<number> {
  const [row] = await query(world.databaseUrl, "select count(*)::int as n from turn where dead_reason is not null");
  return Number(row?.["n"]);
}

const givenUpWithinMs = 62_000;

async function silence(world: World): Promise<Findings> {
  const stop = await serve(world, { silent: () => {} });
  const chat = await startChat(world, { visitors: 10, tabs: 2, held: 0, perSecond: 10 });
  const patient = chat.visitors[0];
  if (patient === undefined) throw new Error("nobody is there");
  const spoken = async (words: string) => {
    const rows = await query(
      world.databaseUrl,
      "select 1 from message where conversation_id = $1 and text like $2 and blocks::text like '%person%'",
      [patient.conversation, `%${words}%`],
    );
    return rows.length > 0;
  };
  const [workingMs, givenUpMs] = await world.fault("silence", async () => {
    const at = performance.now();
    patient.say("silent please");
    await soon(10_000, () => spoken("Still working"), 50);
    const working = performance.now() - at;
    await soon(givenUpWithinMs + 5000, () => spoken("did not answer within"), 100);
    return [working, performance.now() - at] as const;
  });
  chat.stop();
  await stop();
  return {
    injected: "a command that is never answered",
    figures: { workingMs, givenUpMs },
    violations: [
      ...require(workingMs <= 3000, `"still working" with the offer of a person came after ${Math.round(workingMs)} ms`),
      ...require(givenUpMs <= givenUpWithinMs, `it was given up after ${Math.round(givenUpMs)} ms`),
    ],
  };
}

/** More than anybody reads in a chat. */
const mostMessages = 50;
const mostCharacters = 20_000;

async function tooMuch(world: World): Promise<Findings> {
  const long = "word ".repeat(180_000);
  const stop = await serve(world, {
    huge: (message) => message.respond(JSON.stringify({ messages: [{ text: long }] })),
    garbled: (message) => message.respond(Uint8Array.of(0x7b, 0x22, 0xc3, 0x28, 0xff, 0xfe)),
    many: (message) => message.respond(JSON.stringify({ messages: Array.from({ length: 1000 }, (_, n) => ({ text: `line ${n}` })) })),
    beyond: (message) => message.respond(JSON.stringify({ messages: [{ text: "x".repeat(1_000_000) }], data: "x".repeat(40_000) })),
  });
  const chat = await startChat(world, { visitors: 12, tabs: 4, held: 0, perSecond: 10 });
  const names = ["huge", "garbled", "many", "beyond"];
  await world.fault("too much", async () => {
    for (const [index, name] of names.entries()) chat.visitors[index]?.say(`${name} please`);
    await soon(10_000, async () => (await turnsLeft(world)) === 0, 100);
  });
  for (const visitor of chat.visitors.slice(0, names.length)) visitor.say("reverse and it goes on");
  await pause(1500);
  chat.stop();
  const answers = await Promise.all(
    names.map(async (name, index) => {
      const [row] = await query(
        world.databaseUrl,
        "select count(*)::int as n, coalesce(sum(length(text)), 0)::int as characters from message where conversation_id = $1 and key ~ '^t:' and (command = $2 or key ~ '^t:1:')",
        [chat.visitors[index]?.conversation, name],
      );
      return { name, messages: Number(row?.["n"]), characters: Number(row?.["characters"]) };
    }),
  );
  await stop();
  return {
    injected: "answers of 900 kB, of 1 MB, of bytes that are no text, and of 1,000 messages",
    figures: Object.fromEntries(
      answers.flatMap(({ name, messages, characters }) => [
        [`${name}Messages`, messages],
        [`${name}Characters`, characters],
      ]),
    ),
    violations: answers.flatMap(({ name, messages, characters }) => [
      ...require(messages >= 1, `"${name}" was answered by nothing`),
      ...require(messages <= mostMessages &&
        characters <= mostCharacters, `"${name}" put ${messages} messages of ${characters} characters into the chat`),
    ]),
  };
}

async function turnsLeft(world: World): Promise<number> {
  const [row] = await query(world.databaseUrl, "select count(*)::int as n from turn where dead_reason is null");
  return Number(row?.["n"]);
}

/** Automations in a process of their own, which know only the contract over NATS. Resolves when every router knows them. */
async function serve(world: World, handlers: Record<string, (message: ServiceMsg) => void>): Promise<() => Promise<void>> {
  if (world.nats === undefined) throw new Error("this row needs nats-server");
  const connection = await connect({ servers: `127.0.0.1:${world.nats.port}`, name: "foreign" });
  for (const [name, answer] of Object.entries(handlers)) {
    const metadata = {
      summary: `Is ${name}.`,
      risk: "read",
      audience: "visitor",
      args: JSON.stringify({ type: "object", properties: { what: { type: "string" } } }),
    };
    const service = await connection.services.add({ name, version: "1.0.0", queue: "automations", metadata });
    service.addEndpoint(name, {
      subject: `automation.${name}`,
      handler: (_error, message) => {
        try {
          answer(message);
        } catch {
          // What NATS itself refuses to carry is never answered.
        }
      },
    });
  }
  await until("the automations are known", 15_000, () =>
    world.products.every((product) =>
      Object.keys(handlers).every((name) => product.output.some((line) => line.includes(`automation: "${name}"`))),
    ),
  );
  return () => connection.close();
}
