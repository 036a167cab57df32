import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DeskClient, WatchedTopic } from "../fixtures/deskClient.ts";
import type { Agent } from "../fixtures/product.ts";
import { type House, openReachHouse, type Row, type Scope, scopes } from "./reachHouse.ts";
import { expectedOf, isRead, mayDo, shownIn } from "./reachNaive.ts";

/** What reaches somebody by itself, what is counted, and what leaves the house: beside the same naive filter as `reachScopes.test.ts`. */
let house: House;
let rows: Row[] = [];
const reading = scopes.filter(({ reads, elsewhere }) => reads !== undefined && elsewhere !== true);
const at = ({ name }: Scope): Agent => house.people.get(name) ?? house.admin;
const expected = (scope: Scope, fits?: (row: Row) => boolean) => expectedOf(scope, house, rows, fits);
const numberOf = (id: string) => house.marked.find((each) => each.id === id)?.number ?? "";
const idOf = (fits: (row: Row) => boolean) => rows.find(fits)?.id ?? "";

beforeAll(async () => {
  house = await openReachHouse();
  const { sql } = house;
  await sql("update contact set email = 'c' || right(name, 2) || '@customers.example'");
  await sql(
    "update contact c set tags = array(select t.id from tag t where t.tenant_id = c.tenant_id and right(c.name, 1) in ('1', '5', '9'))",
  );
  rows = await house.rows();
}, 120_000);
afterAll(() => house.product.stop());

describe("what is counted", () => {
  it("by a tag, in a queue, on the wallboard and of a colleague's load", async () => {
    const tagged = await house.sql<{ id: string }>("select id from contact where tags <> '{}'");
    for (const scope of reading) {
      const may = expected(scope, (row) => row.tagged);
      const contacts = expected(scope).contacts.filter((id) => tagged.some((each) => each.id === id));
      const { data } = await at(scope).run("tag.count", { tag: "gilded" });
      expect([scope.name, data]).toEqual([scope.name, { conversations: may.conversations.length, contacts: contacts.length }]);
      const queues = JSON.stringify((await at(scope).run("queue.list")).data);
      for (const team of ["support", "sales"]) {
        const waiting = rows.filter(
          (row) => row.team === team && row.open && row.controller === "queue" && isRead(scope, { house, rows }, row),
        );
        expect(queues).toContain(`"team":"${team}","name":"${team === "sales" ? "Sales" : "Support"}","length":${waiting.length}`);
      }
      const desk = await at(scope).desk();
      const whole = (team: string) => scope.reads?.some((place) => place.inbox === undefined && (place.team ?? team) === team) === true;
      const seen = ["sales", "support"].filter(whole);
      const board = await desk.watch("wallboard");
      expect([scope.name, [...board.items.keys()].sort()]).toEqual([scope.name, seen]);
      for (const item of board.items.values())
        expect(item).toMatchObject({
          waiting: rows.filter(
            (row) => row.team === item.id && row.open && row.controller === "queue" && row.tenant === house.product.tenant,
          ).length,
        });
      for (const item of (await desk.watch("agents")).items.values()) {
        if (item.kind !== "agent") continue;
        const told = item.id === at(scope).id || scope.name === "all" || (item.teams.length > 0 && item.teams.every(whole));
        const holds = rows.filter(({ agent, controller }) => agent === item.id && controller === "agent").length;
        expect([scope.name, item.name, item.holding]).toEqual([scope.name, item.name, told ? holds : null]);
      }
      await desk.close();
    }
  }, 150_000);
});

describe("what leaves the house", () => {
  it("a transcript has nothing of what was merged with it that its sender may not see", async () => {
    const merged = rows.filter(({ id, target }) => target !== null || rows.some((row) => row.target === id));
    expect(merged).toHaveLength(4);
    for (const scope of reading)
      for (const row of merged) {
        if (!isRead(scope, { house, rows }, row) || !mayDo(scope.answers, scope, { house, rows }, row)) continue;
        const { id } = await at(scope).run("conversation.transcript", { conversation: row.id, email: "elsewhere@example.com" });
        const [mail] = await house.sql<{ text: string }>("select mail->>'text' as text from mail_out where key = $1", [`transcript:${id}`]);
        const { conversations } = shownIn(mail?.text ?? "", house.marked, []);
        const together = rows.filter(
          (each) => each.contact === row.contact && [each.id, each.target].some((one) => one === row.id || one === row.target),
        );
        const may = together.filter((each) => isRead(scope, { house, rows }, each)).map(({ id: each }) => numberOf(each));
        expect([scope.name, numberOf(row.id), conversations]).toEqual([scope.name, numberOf(row.id), may.sort()]);
      }
  }, 150_000);

  it("all that is kept about a person is for who sees all, and foreign is as absent", async () => {
    await house.admin.run("role.create", { key: "people-role", name: "People", permissions: "people.manage" });
    const twins = rows.filter(({ contact }, index) => rows.findIndex((row) => row.contact === contact) !== index);
    for (const name of ["inbox", "own", "all"]) {
      const person = house.people.get(name);
      await house.admin.run("role.grant", { email: person?.email, role: "people-role" });
      for (const command of ["contact.export", "contact.erase"])
        for (const { contact } of twins) {
          const args = { contact, ...(command === "contact.erase" ? { preview: true } : {}) };
          const answer = await person?.run(command, args).then(
            ({ state }) => state,
            (error: Error) => /"code":"(\w+)"/.exec(error.message)?.[1],
          );
          const inReach = expected(scopes.find((scope) => scope.name === name) ?? reading[0] ?? failed()).contacts.includes(contact);
          expect([name, command, answer]).toEqual([name, command, name === "all" ? "succeeded" : inReach ? "forbidden" : "not_found"]);
        }
      await house.admin.run("role.revoke", { email: person?.email, role: "people-role" });
    }
  });

  it("a message to a tag goes to whom its sender may see it on", async () => {
    const message = { by: "mail", to: ["tag:gilded"], subject: "News", text: "Hello" };
    await house.admin.run("operation.create", { name: "say-news", kind: "message", summary: "Says news.", message });
    await house.admin.run("operation.publish", { name: "say-news" });
    await house.admin.run("operation.share", { name: "say-news", roles: "everyone" });
    const tagged = await house.sql<{ id: string }>("select id from contact where tags <> '{}'");
    for (const scope of reading) {
      const may = new Set(expected(scope, (row) => row.tagged && row.open).contacts);
      for (const id of expected(scope).contacts) if (tagged.some((each) => each.id === id)) may.add(id);
      if (may.size === 0) continue;
      await house.sql("delete from mail_out where kind = 'message'");
      await at(scope).run("say-news");
      const got = await house.sql<{ id: string }>(
        "select k.id from mail_out o join contact k on k.tenant_id = o.tenant_id and k.email = o.recipient where o.kind = 'message'",
      );
      expect([scope.name, got.map((each) => each.id).sort()]).toEqual([scope.name, [...may].sort()]);
    }
  }, 150_000);

  it("a mail of notices tells of what may still be seen, and what may not keeps nobody waiting", async () => {
    await house.sql("update agent_connection set left_at = now() - interval '1 hour', seen_at = now() - interval '1 hour'");
    await house.sql(
      `insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who, at, due_at)
       select c.tenant_id, m.account_id, gen_random_uuid(), 'test:' || c.id, 'assigned', c.id, c.team, k.name, now() - interval '6 minutes', now()
         from conversation c join contact k on k.id = c.contact_id join membership m on m.tenant_id = c.tenant_id`,
    );
    await expect
      .poll(() => house.sql("select from notice where due_at is not null and key like 'test:%'"), { timeout: 50_000 })
      .toEqual([]);
    for (const scope of reading) {
      const mails = await house.sql<{ mail: string }>("select mail::text from mail_out where kind = 'notice' and recipient = $1", [
        at(scope).email,
      ]);
      const shown = shownIn(mails.map(({ mail }) => mail).join(), house.marked, rows);
      expect([scope.name, shown]).toEqual([scope.name, expected(scope)]);
    }
  }, 150_000);
});

describe("what comes live", () => {
  const desks = new Map<string, { desk: DeskClient; inbox: WatchedTopic; texts: string[] }>();
  const watching = async (scope: Scope) => {
    const desk = await at(scope).desk();
    const texts: string[] = [];
    // An error says the name of what was asked for.
    desk.each((frame) => frame.type === "error" || texts.push(JSON.stringify(frame)));
    const inbox = await desk.watch("inbox");
    for (const topic of ["queue:support", "queue:sales", "lookers", "notices", "mentions", "runs", "agents", "wallboard"])
      desk.send({ type: "watch", topic });
    for (const row of rows) desk.send({ type: "watch", topic: `conversation:${row.id}` });
    // Whoever looks at one list no more sees as little of the others as before.
    desk.send({ type: "unwatch", topic: "queue:support" });
    await desk.settled();
    desks.set(scope.name, { desk, inbox, texts });
  };
  const everybody = (look: (scope: Scope, watched: { desk: DeskClient; inbox: WatchedTopic; texts: string[] }) => Promise<void> | void) =>
    Promise.all(
      reading.map(async (scope) => {
        const watched = desks.get(scope.name);
        if (watched !== undefined) await look(scope, watched);
      }),
    );

  it("shows each what is theirs, whatever is said, noted, typed or looked at", async () => {
    for (const scope of reading) await watching(scope);
    await everybody((_, { texts }) => void texts.splice(0));
    const author = desks.get("all")?.desk;
    for (const { id, number, page } of house.marked) {
      await page.say(`a zebra, late${number}`);
      if (rows.find((row) => row.id === id)?.tenant !== house.product.tenant) continue;
      author?.send({ type: "look", conversation: id });
      author?.send({ type: "note", conversation: id, clientId: `secret${number}`, text: `secret${number}` });
      await author?.until("ack", ({ clientId }) => clientId === `secret${number}`, 60_000);
      author?.send({ type: "typing", conversation: id, on: true });
    }
    rows = await house.rows();
    await everybody(async (scope, { desk, texts }) => {
      const may = expected(scope).conversations;
      await expect
        .poll(() => may.filter((number) => ![`late${number}`, `secret${number}`].every((word) => texts.join().includes(word))), {
          timeout: 30_000,
        })
        .toEqual([]);
      await desk.settled();
      const { conversations } = shownIn(texts.join(), house.marked, []);
      expect([scope.name, conversations.filter((number) => !may.includes(number))]).toEqual([scope.name, []]);
    });
  }, 150_000);

  it("shows what comes into reach, and takes back what leaves it, with what is merged into it", async () => {
    const moves: [string, () => Promise<unknown>][] = [];
    const all = house.people.get("all");
    const held = idOf((row) => row.agent === all?.id && row.inbox === "Website" && row.team === "support");
    const target = idOf((row) => rows.some((other) => other.target === row.id && other.contact !== row.contact));
    moves.push(["to another team", () => Promise.resolve(all?.run("conversation.transfer", { conversation: held, to: "sales" }))]);
    moves.push([
      "and back",
      async () => {
        await all?.run("conversation.take", { conversation: held });
        await all?.run("conversation.transfer", { conversation: held, to: "support" });
      },
    ]);
    moves.push([
      "with a merged one",
      async () => {
        await all?.run("conversation.take", { conversation: target });
        await all?.run("conversation.transfer", { conversation: target, to: "support" });
      },
    ]);
    for (const [what, move] of moves) {
      await move();
      rows = await house.rows();
      await everybody(async (scope, { inbox, desk, texts }) => {
        const open = expected(scope, (row) => row.open).conversations;
        await expect
          .poll(
            () => [
              scope.name,
              what,
              inbox
                .conversations()
                .map(({ id }) => numberOf(id))
                .sort(),
            ],
            { timeout: 30_000 },
          )
          .toEqual([scope.name, what, open]);
        // Longer than the pause between two looks at a head.
        await new Promise((resolve) => setTimeout(resolve, 600));
        await desk.settled();
        texts.splice(0);
      });
      const word = what.replaceAll(" ", "");
      for (const { page, number } of house.marked) await page.say(`${word} late${number}`);
      await everybody(async (scope, { desk, texts }) => {
        const may = expected(scope).conversations;
        await new Promise((resolve) => setTimeout(resolve, 600));
        await desk.settled();
        const { conversations } = shownIn(texts.join(), house.marked, []);
        expect([scope.name, what, conversations.filter((number) => !may.includes(number))]).toEqual([scope.name, what, []]);
      });
    }
  }, 150_000);
});

function failed(): never {
  throw new Error("nobody is there");
}
