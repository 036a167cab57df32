import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScheduledView } from "../../src/protocol/messages.ts";
import type { Agent } from "../fixtures/product.ts";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";
import { slackUnderTest } from "./slackUnderTest.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";

/** What the service does with the next message. */
interface Faults {
  refuse(): void;
  /** Takes it, and nobody hears so. */
  swallow(): void;
  hold(): void;
}

/** A room of many, as the service names it. */
interface Room {
  name: string;
  /** The app comes into it. */
  meet(): Promise<void>;
  rename(name: string): Promise<void>;
  leave(): Promise<void>;
  seen(): string[];
}

const services: [name: string, title: string, open: () => Promise<{ chat: ChatUnderTest; faults: Faults; room: Room }>][] = [
  [
    "slack",
    "Slack",
    async () => {
      const chat = await slackUnderTest();
      const faults = {
        refuse: () => chat.slack.fail("chat.postMessage", { error: "restricted_action" }),
        swallow: () => chat.slack.fail("chat.postMessage", { connection: "reset", done: true }),
        hold: () => chat.slack.fail("chat.postMessage", { status: 429, retryAfter: 60 }),
      };
      const general = chat.slack.world.channels.get("C123ABC456");
      if (general === undefined) throw new Error("there is no #general");
      const room = {
        name: "general",
        meet: async () => {},
        rename: async (name: string) => {
          general.name = name;
        },
        leave: async () => void general.members.delete(chat.slack.world.bot.id),
        seen: () => chat.slack.seen(chat.people[0], general.id).map(({ text }) => text),
      };
      return { chat, faults, room };
    },
  ],
  [
    "teams",
    "Teams",
    async () => {
      const chat = await teamsUnderTest();
      const { server } = chat.teams;
      const faults = {
        refuse: () => server.fail({ status: 403 }),
        swallow: () => server.fail("reset"),
        hold: () => server.fail({ status: 429, retryAfter: 60 }),
      };
      const id = "19:general@thread.tacv2";
      const bot = { id: `28:${chat.teams.app.appId}` };
      const told = async (more: object, name: string) => {
        const channelData = { tenant: { id: chat.teams.organisation }, team: { id, name } };
        await chat.teams.send(chat.teams.shape("conversationUpdate", "ann", id, { ...more, channelData }));
      };
      const room = {
        name: "Shop / General",
        meet: () => told({ membersAdded: [bot] }, "Shop"),
        rename: (name: string) => told({ membersAdded: [bot] }, name),
        leave: () => told({ membersAdded: [], membersRemoved: [bot] }, "Shop"),
        seen: () => chat.teams.seen("ann", id).map(({ text }) => text),
      };
      return { chat, faults, room };
    },
  ],
];

/** Messages to many go to people where they are (K8). */
describe.each(services)("a message by %s", (channel, title, open) => {
  let chat: ChatUnderTest;
  let faults: Faults;
  let room: Room;
  let admin: Agent;
  let agent: Agent;
  let ada: string;
  let made = 0;
  beforeAll(async () => {
    ({ chat, faults, room } = await open());
    [ada] = chat.people;
    [admin, agent] = [await chat.product.agent("admin@demo.example"), await chat.product.agent()];
  });
  beforeEach(() => sql("delete from scheduled_message"));
  afterAll(() => chat.close());

  const sql = <Row extends object>(text: string, values: unknown[] = []) => chat.product.database.acrossTenants.query<Row>(text, values);
  const post = async (path: string, body: object, key: string = randomUUID()) => {
    const answer = await fetch(`${chat.product.url}/api/v1/commands/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${admin.token}`, "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body),
    });
    return JSON.parse(await answer.text());
  };
  const publish = async (body: object, parameters: object[] = []): Promise<string> => {
    const name = `tell-${++made}`;
    await admin.run("operation.create", {
      name,
      kind: "message",
      summary: "Tells somebody.",
      parameters,
      message: { by: "channel", channel, ...body },
    });
    await admin.run("operation.publish", { name });
    return name;
  };
  const listed = async (): Promise<ScheduledView[]> => JSON.parse(JSON.stringify((await admin.run("message.scheduled")).data)).messages;
  const until = (state: string) => expect.poll(async () => (await listed())[0]?.state, { timeout: 15_000 }).toBe(state);
  const seen = (text: string) => chat.seen(ada).filter((message) => message.text.includes(text));

  it("goes to whoever is linked, once for its key, and says before whom it won't reach and why", async () => {
    await linkThere(chat, ada, agent);
    const name = await publish({ to: ["team:support", "role:admin"], text: "Stand-up at nine, {{row.name}}." });
    const { changes } = await post(`${name}/plans`, {});
    expect(changes.map(({ text }: { text: string }) => text)).toEqual([
      `It sends a message in ${title} to agent1@demo.example.`,
      "To Agent One <agent1@demo.example>",
      `Left out: agent2@demo.example, admin@demo.example; they are not linked in ${title}.`,
    ]);
    expect(seen("Stand-up")).toEqual([]);
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => post(`${name}/runs`, {}, key)));
    const said = await sees(chat, ada, "Stand-up at nine, Agent One.");
    expect(`${said.author}: ${said.text}`).toContain(admin.name);
    await until("sent");
    expect(seen("Stand-up")).toHaveLength(1);
    const [message] = await listed();
    expect(message).toMatchObject({ by: "channel", channel, recipients: 1, sent: 1, failed: 0, uncertain: 0, error: null });
    expect(answers[0]).toMatchObject({ data: { recipients: 1, message: message?.id } });
  });

  it("goes to contacts who talk there, by their ids and tags", async () => {
    await chat.write(ada, "The printer is out of paper.");
    const contactOf = () => sql<{ id: string }>("select contact_id as id from channel_person where contact_id is not null");
    await expect.poll(contactOf, { timeout: 10_000 }).toHaveLength(1);
    const [{ id: contact = "" } = {}] = await contactOf();
    await admin.run("tag.create", { name: "paper" });
    const [{ id: conversation = "" } = {}] = await sql<{ id: string }>("select id from conversation where contact_id = $1", [contact]);
    await admin.run("conversation.tag", { conversation, tag: "paper" });
    await admin.run(await publish({ to: [contact, "tag:paper"], text: "There is paper again." }));
    await sees(chat, ada, "There is paper again.");
    await until("sent");
    expect(seen("There is paper again.")).toHaveLength(1);
  });

  it("that waits goes at its time, as it was changed", async () => {
    const name = await publish({ to: ["agent1@demo.example"], text: "Soon.", at: "{{when}}" }, [{ name: "when", type: "text" }]);
    await admin.run(name, { when: new Date(Date.now() + 3_600_000).toISOString() });
    const [message] = await listed();
    await admin.run("message.edit", { message: message?.id, text: "Now, {{row.name}}." });
    await admin.run("message.reschedule", { message: message?.id, at: new Date(Date.now() - 1000).toISOString() });
    await sees(chat, ada, "Now, Agent One.");
    await until("sent");
  });

  it("that was refused says so to its sender, and is sent again to whoever didn't get it", async () => {
    faults.refuse();
    await admin.run(await publish({ to: ["agent1@demo.example"], text: "Lunch is served." }));
    await until("failed");
    const [message] = await listed();
    expect(message).toMatchObject({ sent: 0, failed: 1, error: expect.stringContaining("1 of those who should get it were not reached.") });
    const { data } = await admin.run("notice.list");
    expect(data).toMatchObject({ notices: [{ who: expect.stringContaining('Your message "Lunch is served." was not sent') }] });
    await admin.run("message.retry", { message: message?.id });
    await sees(chat, ada, "Lunch is served.");
    await until("sent");
    expect(seen("Lunch is served.")).toHaveLength(1);
  });

  it("of which nobody knows whether it arrived is looked for, or told as uncertain, and never written twice by itself", async () => {
    faults.swallow();
    await admin.run(await publish({ to: ["agent1@demo.example"], text: "The lift is broken." }));
    await until("sent");
    const [message] = await listed();
    expect(message).toMatchObject(
      channel === "slack"
        ? { sent: 1, uncertain: 0, error: null }
        : { sent: 0, uncertain: 1, error: expect.stringMatching(/Of 1 it isn't known whether they got it\..*channel\.retry/) },
    );
    expect(seen("The lift is broken.")).toHaveLength(1);
    if (channel === "slack") return;
    const out = /channel\.retry ([0-9a-f-]{36})/.exec(message?.error ?? "")?.[1];
    await admin.run("channel.retry", { message: out });
    await expect.poll(async () => (await listed())[0], { timeout: 15_000 }).toMatchObject({ sent: 1, uncertain: 0, error: null });
    expect(seen("The lift is broken.")).toHaveLength(2);
    expect(await admin.refused("channel.retry", { message: out })).toMatchObject({ code: "not_found", path: "args.message" });
  });

  it("that was refused, tried again by hand, is told as it then stands", async () => {
    faults.refuse();
    await admin.run(await publish({ to: ["agent1@demo.example"], text: "The door sticks." }));
    await until("failed");
    const [{ id: out } = { id: "" }] = await sql<{ id: string }>(
      "select id from channel_out where state = 'refused' order by id desc limit 1",
    );
    faults.refuse();
    await admin.run("channel.retry", { message: out });
    const state = async () => (await sql<{ state: string }>("select state from channel_out where id = $1", [out]))[0]?.state;
    await expect.poll(state, { timeout: 10_000 }).toBe("refused");
    expect((await listed())[0]).toMatchObject({ state: "failed", failed: 1 });
    await admin.run("channel.retry", { message: out });
    await expect
      .poll(async () => (await listed())[0], { timeout: 10_000 })
      .toMatchObject({ state: "sent", sent: 1, failed: 0, error: null });
    expect(seen("The door sticks.")).toHaveLength(1);
  });

  it("that goes already is taken back from those to whom it didn't go", async () => {
    faults.hold();
    await admin.run(await publish({ to: ["agent1@demo.example"], text: "A mistake." }));
    await until("going");
    const held = () => sql("select id from channel_installation where held_until > now()");
    await expect.poll(held, { timeout: 10_000 }).toHaveLength(1);
    const [message] = await listed();
    await admin.run("message.cancel", { message: message?.id });
    expect(await listed()).toMatchObject([{ state: "cancelled", sent: 0 }]);
    await sql("update channel_installation set held_until = null");
    await sql("update channel_out set due_at = now() where state = 'waiting'");
    await admin.run(await publish({ to: ["agent1@demo.example"], text: "Forget it." }));
    await sees(chat, ada, "Forget it.");
    expect(seen("A mistake.")).toEqual([]);
  });

  it("goes to a room in which the app is, and still does when it is renamed; not when the app left it", async () => {
    await room.meet();
    const rooms = async () => JSON.parse(JSON.stringify((await admin.run("channel.rooms", { channel })).data)).rooms;
    await expect.poll(rooms, { timeout: 10_000 }).toMatchObject([{ name: room.name, workspace: "Example", channel }]);
    const name = await publish({ to: ["agent1@demo.example"], rooms: [`#${room.name}`], text: "Doors close at six." });
    await room.rename("Doors");
    const { changes } = await post(`${name}/plans`, {});
    expect(changes.slice(0, 3)).toMatchObject([
      { text: `It sends a message in ${title} to 1 person and 1 room.`, count: 2 },
      { text: "To Agent One <agent1@demo.example>" },
      { text: expect.stringMatching(/^To #.* \(Example\)$/) },
    ]);
    await admin.run(name);
    await until("sent");
    expect(room.seen().filter((text) => text.includes("Doors close at six."))).toHaveLength(1);
    expect(seen("Doors close at six.")).toHaveLength(1);
    await room.leave();
    await expect.poll(rooms, { timeout: 10_000 }).toEqual([]);
    expect(await admin.refused(name)).toMatchObject({ code: "not_found", path: "message.rooms.0" });
  });

  it("goes nowhere where the workspace refuses us, and to nobody where it names nothing", async () => {
    await sql("update channel_installation set state = 'broken', problem = 'Its token counts no more.'");
    const { messages } = await admin.run(await publish({ to: ["agent1@demo.example"], text: "Hello?" }));
    expect(messages[0]?.text).toMatch(/^Nobody gets it\. Left out: agent1@demo\.example; .* refuses Switchboard: connect it again\.$/);
    await sql("update channel_installation set state = 'live', problem = null");
    const create = (message: object) =>
      admin.refused("operation.create", { name: "wrong", kind: "message", summary: "x", parameters: [], message });
    expect(await create({ by: "channel", channel: "irc", to: ["role:admin"], text: "x" })).toMatchObject({
      code: "invalid_value",
      path: "args.message.channel",
    });
    expect(await create({ by: "channel", channel, text: "x" })).toMatchObject({ code: "invalid_value", path: "args.message.to" });
    expect(await create({ by: "channel", channel, rooms: ["#nowhere"], text: "x" })).toMatchObject({
      code: "not_found",
      path: "args.message.rooms.0",
    });
  });
});
