import { afterAll, beforeAll, expect, it } from "vitest";
import { sees } from "./chatUnderTest.ts";
import { linkThere } from "./linkThere.ts";
import { teamsUnderTest } from "./teamsUnderTest.ts";

let chat: Awaited<ReturnType<typeof teamsUnderTest>>;
beforeAll(async () => {
  chat = await teamsUnderTest();
});
afterAll(() => chat.close());

it("what doesn't fit is told in Teams as whoever wrote it reads, which Teams says with each message", async () => {
  const [ann] = chat.people;
  const [admin, agent] = [await chat.product.agent("admin@demo.example"), await chat.product.agent()];
  await linkThere(chat, ann, agent);
  await admin.run("blueprint.create", { key: "parcel", name: "Parcel" });
  await admin.run("blueprint.add-field", { blueprint: "parcel", key: "weight", name: "Weight", type: "integer", min: "1" });
  const asks = (locale: string) => chat.teams.say("ann", "personal", "parcel.create weight:0", { locale });
  expect((await asks("fr-CA")).status).toBe(200);
  await sees(chat, ann, "« Weight » doit être 1 ou plus ; « 0 » ne l'est pas.");
  expect((await asks("xx")).status).toBe(200);
  await sees(chat, ann, '"Weight" must be 1 or more; "0" isn\'t.');
  expect((await asks("x".repeat(400))).status).toBe(200);
});
