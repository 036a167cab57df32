import { afterAll, beforeAll, expect, it } from "vitest";
import { type ChatUnderTest, sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";
import { type SlackUnderTest, slackUnderTest } from "./slackUnderTest.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";

let teams: Awaited<ReturnType<typeof teamsUnderTest>>;
let slack: SlackUnderTest;
beforeAll(async () => {
  [teams, slack] = await Promise.all([teamsUnderTest(), slackUnderTest()]);
});
afterAll(() => Promise.all([teams.close(), slack.close()]));

/** Ann is linked, and may make parcels that weigh something. */
async function weighs(chat: ChatUnderTest): Promise<string> {
  const [ann = ""] = chat.people;
  const [admin, agent] = [await chat.product.agent("admin@demo.example"), await chat.product.agent()];
  await admin.run("blueprint.create", { key: "parcel", name: "Parcel" });
  await admin.run("blueprint.add-field", { blueprint: "parcel", key: "weight", name: "Weight", type: "integer", min: "1" });
  await linkThere(chat, ann, agent);
  return ann;
}

it("what doesn't fit is told in Teams as whoever wrote it reads, which Teams says with each message", async () => {
  const ann = await weighs(teams);
  const asks = (locale: string) => teams.teams.say("ann", "personal", "parcel.create weight:0", { locale });
  expect((await asks("fr-CA")).status).toBe(200);
  await sees(teams, ann, "« Weight » doit être 1 ou plus ; « 0 » ne l'est pas.");
  expect((await asks("xx")).status).toBe(200);
  await sees(teams, ann, '"Weight" must be 1 or more; "0" isn\'t.');
  expect((await asks("x".repeat(400))).status).toBe(200);
});

it("what doesn't fit is told in Slack as whoever wrote it reads, which Slack is asked once a day", async () => {
  const { world } = slack.slack;
  const steve = world.users.get("U123ABC456");
  if (steve === undefined) throw new Error("Steve isn't there.");
  steve.locale = "de-DE";
  const ann = await weighs(slack);
  await slack.write(ann, "/parcel.create weight:0");
  await sees(slack, ann, "„Weight“ muss mindestens 1 sein; „0“ ist es nicht.");
  // Asked today, so that it is known; where Slack doesn't tell it tomorrow, it stays.
  steve.locale = "fr-FR";
  await slack.write(ann, "/parcel.create weight:-1");
  await sees(slack, ann, "„-1“ ist es nicht.");
});
