import { expect } from "vitest";
import { openProduct, type ProductOptions, type TestProduct } from "../fixtures/product.ts";
import { type SlackService, startSlackService } from "../fixtures/slackService.ts";
import { directOf } from "../fixtures/slackWorld.ts";
import { asChatsDo, type ChatUnderTest } from "./chatUnderTest.ts";

export type SlackUnderTest = ChatUnderTest & { slack: SlackService };

/** Slack with a product of its own. */
export async function slackUnderTest(options: ProductOptions = {}): Promise<SlackUnderTest> {
  const slack = await startSlackService();
  return await connectSlack(slack, await openProduct({ ...options, settings: { SLACK_API_URL: slack.apiUrl } }));
}

/** An app is kept and a workspace connected, as an admin does it. */
export async function connectSlack(slack: SlackService, product: TestProduct): Promise<SlackUnderTest> {
  const admin = await product.agent("admin@demo.example");
  const { app, team, bot } = slack.world;
  const kept = await admin.run("channel.app", {
    channel: "slack",
    appId: app.appId,
    signingSecret: app.signingSecret,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
  });
  const id = String(Object(kept.data)["id"]);
  await admin.run("channel.connect", { app: id, organisation: team.id, name: team.name, token: bot.token });
  slack.callAt({ base: `${product.url}/channels/slack`, app: id });
  const room = (person: string) => directOf(slack.world, person).id;
  const tsOf = (person: string, said: string) => slack.seen(person, room(person)).findLast(({ text }) => text.includes(said))?.ts ?? "";
  return {
    ...asChatsDo,
    slack,
    product,
    people: ["U123ABC456", "U456DEF789"],
    write: async (person, text) => {
      const { answers } = await slack.say(person, room(person), text);
      expect(answers).toEqual(answers.map(() => expect.objectContaining({ status: 200 })));
    },
    seen: (person) =>
      slack.seen(person, room(person)).map(({ text, buttons, author }) => ({ text, author, buttons: buttons.map(({ label }) => label) })),
    edit: async (person, written, text) => void (await slack.edit(person, room(person), tsOf(person, written), text)),
    remove: async (person, written) => void (await slack.remove(person, room(person), tsOf(person, written))),
    react: async (person, seen, on) => void (await slack.react(person, room(person), tsOf(person, seen), "+1", on)),
    reactions: (person, written) => slack.seen(person, room(person)).find(({ text }) => text === written)?.reactions ?? [],
    press: async (person, label) => void (await slack.press(person, room(person), label)),
    fill: (person, values) => slack.fill(person, values),
    files: async (person) =>
      directOf(slack.world, person)
        .messages.flatMap(({ files }) => files)
        .flatMap(({ id }) => slack.world.files.get(id) ?? [])
        .flatMap(({ name, bytes }) => (bytes === undefined ? [] : [{ name, bytes }])),
    close: async () => {
      await product.stop();
      await slack.stop();
    },
  };
}
