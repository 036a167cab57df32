import { afterAll, beforeAll, expect, it } from "vitest";
import { noticesEveryMs } from "../../src/notices/deliverNotices.ts";
import { systemClock } from "../../src/platform/clock/clock.ts";
import type { TopicItem } from "../../src/protocol/desk.ts";
import { type NoticeEntry, noticeText } from "../../src/protocol/notices.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { openPushService, type PushService } from "../fixtures/pushService.ts";

let product: TestProduct;
let [one, two]: Agent[] = [];
let service: PushService;
let publicKey = "";

beforeAll(async () => {
  service = await openPushService(() => publicKey);
  // Notices are looked for every 2.5 s; here all the time.
  const after = (delayMs: number, work: () => void) => systemClock.after(delayMs === noticesEveryMs ? 100 : delayMs, work);
  product = await openProduct({ clock: { ...systemClock, after }, allowHosts: service.host });
  [one, two] = [await product.agent("agent1@demo.example"), await product.agent("agent2@demo.example")];
  publicKey = await asOne("GET", "push-subscriptions/key").then(async (answer) => JSON.parse(await answer.text()).publicKey);
});
afterAll(async () => {
  await product.stop();
  await service.close();
});

const asOne = async (method: string, path: string, body?: object) =>
  await fetch(`${product.url}/api/v1/${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${one?.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const unread = (items: Iterable<TopicItem>): NoticeEntry[] =>
  [...items].filter((item): item is NoticeEntry => item.kind === "notice" && !item.read);

/** As if the time until a push or a mail were over. */
const hurry = () =>
  product.database.acrossTenants.query(
    "update notice set due_at = now(), at = at - interval '6 minutes' where due_at is not null and read_at is null",
  );

it("tells, at the desk at once, by push without the visitor's words, and by mail whom it waits for", async () => {
  if (one === undefined || two === undefined) throw new Error("not signed in");
  expect(await asOne("POST", "push-subscriptions", { endpoint: service.endpoint, keys: service.keys })).toMatchObject({ status: 204 });
  const desk = await one.desk();
  const notices = await desk.watch("notices");
  const { page, conversation } = await product.visit();
  await page.say("person");
  const helper = await two.desk();
  await two.run("conversation.take", { conversation });
  const { database, tenant } = product;
  // As a transfer that was accepted for somebody writes it.
  await database.forTenant(tenant).query(
    `insert into control_change (tenant_id, conversation_id, generation, from_controller, to_controller, agent_id, by_kind, by_id, reason)
     values ($1, $2, 90, 'queue', 'agent', $3, 'account', $4, 'test')`,
    [conversation, one.id, two.id],
  );
  await notices.until(({ items }) => unread(items.values()).some(({ what }) => what === "assigned"));
  const [assigned] = unread(notices.items.values()).filter(({ what }) => what === "assigned");
  expect(assigned).toMatchObject({ conversation, what: "assigned" });
  await desk.close();
  await database.acrossTenants.query("update agent_connection set left_at = now(), seen_at = now() - interval '1 hour'");

  await hurry();
  await expect.poll(() => service.pushes.length, { timeout: 8000 }).toBeGreaterThan(0);
  const pushed = service.pushes.map(({ payload }) => payload);
  expect(pushed).toContainEqual({
    title: assigned && noticeText(assigned),
    body: "",
    tag: `assigned:${conversation}`,
    place: `mine/${conversation}`,
  });
  expect(service.pushes[0]?.claims).toMatchObject({ aud: `http://${service.host}`, sub: expect.stringMatching(/^(https|mailto):/) });
  expect(service.pushes[0]?.headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "3600" });
  const mails = async () => (await one?.run("mail.list"))?.data;
  await expect.poll(mails, { timeout: 8000 }).toMatchObject({ mails: [{ kind: "notice", to: "agent1@demo.example", state: "sent" }] });

  // Nothing of it comes twice, and what is read is read everywhere.
  const before = service.pushes.length;
  await hurry();
  expect((await one.run("notice.read")).data).toMatchObject({ count: expect.any(Number) });
  const again = await one.desk();
  const later = await again.watch("notices");
  expect(unread(later.items.values())).toEqual([]);
  expect(service.pushes.length).toBe(before);
  expect(await mails()).toMatchObject({ mails: { length: 1 } });
  await Promise.all([again.close(), helper.close(), page.close()]);
});

it("alerts a team once while nobody answers, however many wait, and sums up after an absence", async () => {
  if (one === undefined) throw new Error("not signed in");
  service.pushes.length = 0;
  await one.run("notice.preview", { on: true });
  const pages = [];
  for (let number = 0; number < 5; number += 1) {
    const { page, conversation } = await product.visit();
    await page.answerTo(await page.say("person"));
    pages.push({ page, conversation });
  }
  await product.database.acrossTenants.query("update control_change set at = at - interval '11 seconds' where to_controller = 'queue'");
  const desk = await one.desk();
  const notices = await desk.watch("notices");
  await notices.until(({ items }) => unread(items.values()).some(({ what }) => what === "queue"));
  expect(unread(notices.items.values()).filter(({ what }) => what === "queue")).toHaveLength(1);

  const [first] = pages;
  const rows = pages.map(
    (_, number) => `($1, $2, gen_random_uuid(), 'test:${number}', 'offer', $3, 'support', 'Visitor ${number}', now())`,
  );
  await product.database
    .forTenant(product.tenant)
    .query(`insert into notice (tenant_id, account_id, id, key, kind, conversation_id, team, who, due_at) values ${rows.join(", ")}`, [
      one.id,
      first?.conversation,
    ]);
  await hurry();
  await expect
    .poll(() => service.pushes.map(({ payload }) => payload), { timeout: 8000 })
    .toMatchObject([{ tag: "summary", title: "6 notices" }]);
  await desk.close();
  for (const { page } of pages) await page.close();
});

it("keeps choices, and says what is wrong with them", async () => {
  if (one === undefined) throw new Error("not signed in");
  await one.run("notice.prefer", { kind: "offer", channel: "push", on: false });
  await one.run("notice.prefer", { kind: "offer", channel: "mail", on: false });
  await one.run("notice.quiet", { from: "22:00", to: "7:30", zone: "America/Sao_Paulo" });
  expect((await one.run("notice.settings")).data).toMatchObject({
    kinds: { offer: { desk: true, push: false, mail: false }, assigned: { mail: true } },
    quiet: { from: 1320, to: 450, timeZone: "America/Sao_Paulo" },
    preview: true,
  });
  await one.run("notice.quiet");
  expect((await one.run("notice.settings")).data).toMatchObject({ quiet: null });
  for (const [args, path] of [
    [{ from: "25:00", to: "07:00", zone: "UTC" }, "args.from"],
    [{ from: "22:00", zone: "UTC" }, "args.to"],
    [{ from: "22:00", to: "07:00", zone: "Nowhere/Land" }, "args.zone"],
  ] as const) {
    expect([path, await one.refused("notice.quiet", args)]).toMatchObject([path, { status: 422, path }]);
  }
  expect(await one.refused("notice.prefer", { kind: "weather", channel: "push", on: true })).toMatchObject({ path: "args.kind" });
  expect(await one.refused("notice.read", { notice: one.id })).toMatchObject({ status: 404 });
});

it.each([
  ["an address of our own network", { endpoint: "https://10.0.0.1/push" }, "endpoint"],
  ["a short key", { keys: { p256dh: "AAAA", auth: "AAAA" } }, "keys.p256dh"],
])("takes no browser with %s", async (_, change, path) => {
  const answer = await asOne("POST", "push-subscriptions", { endpoint: service.endpoint, keys: service.keys, ...change });
  expect([answer.status, JSON.parse(await answer.text())]).toMatchObject([422, { error: { path } }]);
});

it("forgets a browser that its push service doesn't know any more", async () => {
  if (one === undefined) throw new Error("not signed in");
  service.answer = 410;
  await product.database.acrossTenants.query("update notice set pushed_at = null, due_at = now(), read_at = null where kind = 'queue'");
  const left = () => product.database.acrossTenants.query("select 1 from push_subscription");
  await expect.poll(async () => (await left()).length, { timeout: 8000 }).toBe(0);
  await asOne("POST", "push-subscriptions", { endpoint: service.endpoint, keys: service.keys });
  await asOne("DELETE", "push-subscriptions", { endpoint: service.endpoint });
  expect(await left()).toEqual([]);
});
