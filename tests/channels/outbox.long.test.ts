import { afterAll, beforeAll, expect, it } from "vitest";
import type { Agent } from "../fixtures/product.ts";
import { linkThere } from "./linkThere.ts";
import { type SlackUnderTest, slackUnderTest } from "./slackUnderTest.ts";

let chat: SlackUnderTest;
let admin: Agent;
beforeAll(async () => {
  chat = await slackUnderTest();
  admin = await chat.product.agent("admin@demo.example");
});
afterAll(() => chat.close());

it("how often a service asks to wait is no reason to give up", { timeout: 30_000 }, async () => {
  const [ada] = chat.people;
  await linkThere(chat, ada, await chat.product.agent());
  const { database } = chat.product;
  const asks = Array.from({ length: 12 }, () => ({ status: 429, retryAfter: 60 }));
  chat.slack.fail("chat.postMessage", ...asks, { status: 503 });
  await chat.write(ada, "/reverse five six");
  const hurried = async () => {
    await database.acrossTenants.query("update channel_installation set held_until = null");
    await database.acrossTenants.query("update channel_out set due_at = now() where state = 'waiting'");
    return chat.seen(ada).filter(({ text }) => text.includes("six five")).length;
  };
  await expect.poll(hurried, { interval: 200, timeout: 20_000 }).toBe(1);
});

it("what waits for a workspace that is disconnected ends, and isn't written when it is connected again", { timeout: 30_000 }, async () => {
  const [ada] = chat.people;
  const said = (state: string) =>
    chat.product.database.acrossTenants.query<{ error: string | null }>(
      "select last_error as error from channel_out where what->'drawing'->>'text' = 'two one' and state = $1",
      [state],
    );
  chat.slack.fail("chat.postMessage", { status: 429, retryAfter: 60 });
  await chat.write(ada, "/reverse one two");
  await expect.poll(() => said("waiting"), { timeout: 10_000 }).toEqual([{ error: "held" }]);
  const { apps } = Object((await admin.run("channel.list")).data);
  await admin.run("channel.disconnect", { workspace: "Example" });
  await chat.product.database.acrossTenants.query("update channel_out set due_at = now() where state = 'waiting'");
  await expect.poll(() => said("refused"), { timeout: 10_000 }).toEqual([{ error: "The workspace is not connected any more." }]);

  const { team, bot } = chat.slack.world;
  await admin.run("channel.connect", { app: apps[0].id, organisation: team.id, name: team.name, token: bot.token });
  const seen = (text: string) => chat.seen(ada).some((message) => message.text.includes(text));
  const again = async () => {
    await chat.write(ada, "/reverse three four");
    return seen("four three");
  };
  // That it is connected again is known within 5 s.
  await expect.poll(again, { interval: 1000, timeout: 10_000 }).toBe(true);
  expect(seen("two one")).toBe(false);
});
