import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeskClient } from "../fixtures/deskClient.ts";
import type { Agent } from "../fixtures/product.ts";
import { type House, openReachHouse, type Row, type Scope, scopes } from "./reachHouse.ts";
import { expectedOf, isRead, type Shown, shownIn } from "./reachNaive.ts";

/** Who sees what: every door, every scope, every kind of conversation, beside a filter over all rows that knows nothing of the product. */
let house: House;
let rows: Row[] = [];
const desks = new Map<string, DeskClient>();
const absent = "01890a5d-ac96-774b-bcce-b302099a8057";
const at = ({ name }: Scope): Agent => house.people.get(name) ?? house.admin;
const deskOf = ({ name }: Scope): DeskClient => desks.get(name) ?? failed(`${name} has no desk`);
const failed = (why: string): never => {
  throw new Error(why);
};
const shown = (text: string): Shown => shownIn(text, house.marked, rows);
const expected = (scope: Scope, fits?: (row: Row) => boolean): Shown => expectedOf(scope, house, rows, fits);

/** What a command says, be it refused or not. */
async function said(scope: Scope, command: string, args: object = {}): Promise<string> {
  const run = await at(scope)
    .run(command, args)
    .catch((error: Error) => error.message);
  return typeof run === "string" ? run : JSON.stringify(run);
}

/** What a topic shows at first, or the error. */
async function watched(scope: Scope, topic: string): Promise<string> {
  const desk = deskOf(scope);
  const answers: object[] = [];
  const first = new Promise<void>((resolve) => {
    desk.each((frame) => {
      if (!("topic" in frame && frame.topic === topic) && !(frame.type === "error" && frame.ref === topic)) return;
      answers.push(frame);
      resolve();
    });
  });
  desk.send({ type: "watch", topic });
  await first;
  desk.send({ type: "unwatch", topic });
  return JSON.stringify(answers);
}

async function pages({ name }: Scope, path: string): Promise<string> {
  const texts: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await house.get(name, `${path}${cursor === "" ? "" : `&cursor=${cursor}`}`);
    texts.push(body);
    cursor = JSON.parse(body).nextCursor ?? null;
  }
  return texts.join();
}

/** The search is filled behind: nothing of it is left to be done. */
async function indexed(): Promise<void> {
  for (let left = 1; left > 0; ) {
    const [row] = await house.sql<{ left: number }>(
      `select (select count(*) from contact where not searched)::int + (select count(*) from note where not searched)::int
         + (select count(*) from conversation c where not exists (select from message_search m where m.conversation_id = c.id and m.seq = 1))::int as left`,
    );
    left = row?.left ?? 0;
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

beforeAll(async () => {
  house = await openReachHouse();
  const { sql } = house;
  await sql("update contact set email = 'c' || right(name, 2) || '@customers.example'");
  await sql(
    "update contact c set tags = array(select t.id from tag t where t.tenant_id = c.tenant_id and right(c.name, 1) in ('1', '5', '9'))",
  );
  // As if everybody had been told of everything, when they could still see it.
  await sql(
    `insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who, at, due_at)
     select c.tenant_id, m.account_id, gen_random_uuid(), 'test:' || c.id, 'assigned', c.id, c.team, k.name, now() - interval '6 minutes', now()
       from conversation c join contact k on k.id = c.contact_id join membership m on m.tenant_id = c.tenant_id`,
  );
  await sql(
    `insert into mention (tenant_id, account_id, conversation_id, note_id)
     select n.tenant_id, m.account_id, n.conversation_id, n.id from note n join membership m on m.tenant_id = n.tenant_id where n.author_id is not null`,
  );
  await sql(
    `insert into mail_out (tenant_id, id, kind, key, recipient, mail, conversation_id, state)
     select tenant_id, gen_random_uuid(), 'transcript', 'test:' || id, 'c@customers.example', '{"subject": "Yours", "text": "", "html": ""}', id, 'dead' from conversation`,
  );
  rows = await house.rows();
  await indexed();
  for (const scope of scopes) if (scope.reads !== undefined) desks.set(scope.name, await at(scope).desk());
}, 120_000);
afterAll(() => house.product.stop());

const open = (row: Row) => row.open;
const waits = (row: Row) => row.open && row.controller === "queue";
const filter = (value: object) => encodeURIComponent(JSON.stringify(value));

/** Each list with what stands in it for whoever sees all: of conversations, or of the people in them where `people`. */
const lists: Record<string, { fits: (row: Row) => boolean; ask: (scope: Scope) => Promise<string>; people?: true }> = {
  "GET conversations": { fits: () => true, ask: (scope) => pages(scope, "/api/v1/conversations?limit=7") },
  "GET conversations, by a filter": {
    fits: (row) => row.open && row.team === "sales",
    ask: (scope) => pages(scope, `/api/v1/conversations?filter=${filter({ open: { eq: true }, team: { eq: "sales" } })}`),
  },
  "GET conversations, by what the filter denies": {
    fits: (row) => row.controller !== "agent",
    ask: (scope) => pages(scope, `/api/v1/conversations?sort=lastText&filter=${filter({ not: { controller: { eq: "agent" } } })}`),
  },
  "search, of messages": { fits: () => true, ask: (scope) => pages(scope, "/api/v1/search?limit=50&text=spoken") },
  "search, page by page": { fits: () => true, ask: (scope) => pages(scope, "/api/v1/search?limit=4&text=spoken") },
  "search, of notes": { fits: () => true, ask: (scope) => pages(scope, "/api/v1/search?limit=50&text=noted") },
  "search, of a tag": { fits: (row) => row.tagged, ask: (scope) => pages(scope, "/api/v1/search?limit=50&text=gilded") },
  "search, of people": { fits: () => true, people: true, ask: (scope) => pages(scope, "/api/v1/search?limit=50&text=named") },
  "queue.list": { fits: waits, ask: (scope) => said(scope, "queue.list") },
  "notice.list": { fits: () => true, ask: (scope) => said(scope, "notice.list") },
  "mention.list": { fits: () => true, ask: (scope) => said(scope, "mention.list") },
  "mail.list": { fits: () => true, ask: (scope) => said(scope, "mail.list") },
  "topic inbox": { fits: open, ask: (scope) => watched(scope, "inbox") },
  "topic queue:support": { fits: (row) => waits(row) && row.team === "support", ask: (scope) => watched(scope, "queue:support") },
  "topic queue:sales": { fits: (row) => waits(row) && row.team === "sales", ask: (scope) => watched(scope, "queue:sales") },
  "topic notices": { fits: () => true, ask: (scope) => watched(scope, "notices") },
  "topic mentions": { fits: () => true, ask: (scope) => watched(scope, "mentions") },
};
const reading = scopes.filter(({ reads }) => reads !== undefined);
const limited = reading.filter(({ name }) => name !== "all");

describe("what is shown of conversations is what a filter over all rows leaves", () => {
  it.each(Object.entries(lists))("%s", async (_, { fits, ask, people }) => {
    for (const scope of reading) {
      const found = shown(await ask(scope));
      if (people) expect([scope.name, found.contacts]).toEqual([scope.name, expected(scope, fits).contacts]);
      else expect([scope.name, found.conversations]).toEqual([scope.name, expected(scope, fits).conversations]);
      const may = expected(scope);
      expect([scope.name, found.contacts.filter((id) => !may.contacts.includes(id))]).toEqual([scope.name, []]);
      expect([scope.name, found.conversations.filter((number) => !may.conversations.includes(number))]).toEqual([scope.name, []]);
    }
  });

  it("nothing, for whoever may read nowhere", async () => {
    const [blind = failed("nobody")] = scopes.filter(({ reads }) => reads === undefined);
    for (const path of ["/api/v1/conversations", "/api/v1/search?text=spoken"])
      expect(await house.get(blind.name, path)).toMatchObject({ status: 403 });
    for (const { fits: _, ask } of Object.values(lists).filter(({ ask: by }) => by.toString().includes("said(")))
      expect(await ask(blind)).toContain("unknown_command");
  });
});

describe("one by one", () => {
  it("each conversation is there or is none, for its topic, its /why, its rating and its file", async () => {
    for (const scope of reading) {
      const may = expected(scope).conversations;
      const alike = (text: string, id: string) => text.replaceAll(id, "ID").replaceAll(/"(requestId|id|createdAt|endedAt)":"[^"]*"/g, "");
      const ask = async (id: string, file: string) => {
        const [topic, why, rating, { body }] = await Promise.all([
          watched(scope, `conversation:${id}`),
          said(scope, "conversation.why", { conversation: id }),
          said(scope, "conversation.rating", { conversation: id }),
          house.get(scope.name, `/api/v1/files/${file}`),
        ]);
        return { topic: alike(topic, id), why: alike(why, id), rating: alike(rating, id), file: alike(body, file) };
      };
      const none = await ask(absent, absent);
      const answers: { number: string; answer: Awaited<ReturnType<typeof ask>> }[] = [];
      for (let from = 0; from < house.marked.length; from += 8) {
        const some = house.marked.slice(from, from + 8);
        answers.push(...(await Promise.all(some.map(async ({ id, number, file }) => ({ number, answer: await ask(id, file) })))));
      }
      for (const { number, answer } of answers) {
        const differ = Object.entries(answer).filter(([door, text]) => text !== Object.entries(none).find(([name]) => name === door)?.[1]);
        const seen = may.includes(number);
        expect([scope.name, number, differ.map(([door]) => door)]).toEqual([scope.name, number, seen ? Object.keys(none) : []]);
        const others = shown(JSON.stringify(answer)).conversations.filter((other) => !may.includes(other));
        expect([scope.name, number, others]).toEqual([scope.name, number, []]);
        if (seen) expect(answer.topic).toMatch(new RegExp(`spoken${number}.*noted${number}|noted${number}.*spoken${number}`));
      }
    }
  }, 200_000);

  it("each command that names a conversation or a contact finds exactly those", async () => {
    for (const scope of limited) {
      const hidden = rows.filter((row) => !isRead(scope, { house, rows }, row));
      const may = expected(scope);
      const away = hidden.filter(({ contact }) => !may.contacts.includes(contact));
      const { items }: { items: Listed[] } = JSON.parse((await house.get(scope.name, "/api/v1/commands?limit=200")).body);
      const named = items.filter(({ args }) => Object.keys(args.properties).some((key) => ["conversation", "contact"].includes(key)));
      await Promise.all(
        named.map(async (command, index) => {
          const one = hidden[index % hidden.length] ?? failed("nothing is hidden");
          const other = away[index % away.length] ?? failed("nobody is hidden");
          const { requestId: _, ...foreign } = await at(scope).refused(command.name, filled(command, one.id, other.contact));
          const { requestId: __, ...missing } = await at(scope).refused(command.name, filled(command, absent, absent));
          expect([scope.name, command.name, foreign]).toEqual([scope.name, command.name, missing]);
        }),
      );
    }
  }, 150_000);
});

interface Listed {
  name: string;
  args: { properties: Record<string, { enum?: string[]; type?: string; format?: string }>; required?: string[] };
}

function filled({ args }: Listed, conversation: string, contact: string): object {
  return Object.fromEntries(
    Object.entries(args.properties).flatMap(([key, schema]): [string, unknown][] => {
      if (key === "conversation") return [[key, conversation]];
      if (key === "contact") return [[key, contact]];
      if (!(args.required ?? []).includes(key)) return [];
      if (schema.format === "uuid") return [[key, absent]];
      if (schema.type === "object") return [[key, {}]];
      if (schema.type === "array") return [[key, []]];
      return [[key, schema.enum?.[0] ?? (schema.type === "boolean" ? true : "x")]];
    }),
  );
}
