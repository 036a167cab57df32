import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openProduct, type TestProduct, type Agent } from "../fixtures/product.ts";
let product: TestProduct; let admin: Agent; let house: any; const posts: any[] = [];
const service: any = {
  name: "slack",
  post: async (to: any, drawing: any, mark: string) => { posts.push({ do: "post", to, drawing, mark, id: `m${posts.length}` }); return `m${posts.length - 1}`; },
  change: async (to: any, message: string, drawing: any) => { posts.push({ do: "change", message, to, drawing }); },
  remove: async () => {}, react: async () => {}, find: async () => null,
  placeOf: async (_i: any, user: string) => ({ room: `D${user}`, scope: "personal" }),
  fetchFile: async () => Buffer.from("x"), person: async () => ({ name: "x", member: true }), check: async () => ({ name: "Acme" }),
};
beforeAll(async () => {
  (globalThis as any).__chan = (outside: any) => { house = outside.house; return [{ name: "slack", doors: [], chat: service }]; };
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
});
afterAll(() => product.stop());
const until = async (f: () => unknown, n = 80) => { for (let i = 0; i < n; i++) { const r = f(); if (r) return r as any; await new Promise((x) => setTimeout(x, 100)); } throw new Error("never: " + JSON.stringify(posts.map((p) => [p.do, p.drawing.text, p.drawing.card?.buttons.map((b: any) => b.verb)]), null, 1) + product.logged.filter((l: any) => l.level >= 40).map((l) => JSON.stringify(l)).join("\n").slice(0, 4000)); };
it("walks", async () => {
  const accounts = await product.database.acrossTenants.query("select email from account");
  console.log(accounts);
  const app = await admin.run("channel.app", { channel: "slack", appId: "A1", signingSecret: "s", clientId: "c", clientSecret: "cs" });
  await admin.run("channel.connect", { organisation: "T1", name: "Acme", token: "xoxb-1" });
  const a = await house.app("slack", (app.data as any).id);
  const inst = await house.installation(a, "T1");
  expect(inst.token).toBe("xoxb-1");
  const person = { workspace: "T1", user: "U1", name: "Ada" };
  const place = { room: "D1", scope: "personal" };
  const said = (text: string, by = "message", more = {}) => house.heard(inst, { kind: "said", key: randomUUID(), person, place, text, files: [], by, at: new Date().toISOString(), message: randomUUID(), ...more });
  await said("help", "command");
  await until(() => posts.find((p) => p.drawing.text.includes("not linked")));
  await said("link");
  const post = await until(() => posts.find((p) => /code is/.test(p.drawing.text)));
  const code = /code is (\w{8})/.exec(post.drawing.text)![1];
  await admin.run("me.link", { code });
  const card = await until(() => posts.find((p) => /Is that you/.test(p.drawing.text)));
  const press = (p: any, verb: string, value?: string) => house.heard(inst, { kind: "pressed", key: randomUUID(), person, place, card: p.drawing.card.id, verb, value, message: p.id });
  await press(card, "yes");
  await until(() => posts.find((p) => /You are linked/.test(p.drawing.text)));
  await said("help");
  const help = await until(() => posts.find((p) => /You may run/.test(p.drawing.text)));
  console.log(help.drawing.text.slice(0, 500));
  await said("/reverse one two three");
  const done = await until(() => posts.find((p) => /three two one/.test(p.drawing.text)));
  console.log(JSON.stringify(done, null, 1));
  await said("/agent deactivate");
  const ask = await until(() => posts.find((p) => p.drawing.card?.buttons[0]?.verb === "fill"));
  const form = await house.formOf(inst, { kind: "pressed", key: "x", person, place, card: ask.drawing.card.id, verb: "fill", message: ask.id });
  console.log(JSON.stringify(form));
  console.log(await house.check(inst, person, form.form.card, { email: "" }));
  await house.heard(inst, { kind: "filled", key: randomUUID(), person, place, card: form.form.card, values: { email: "nobody@x.example" } });
  await new Promise((r) => setTimeout(r, 1500));
  await said("I need help with my laptop");
  await said("person");
  await new Promise((r) => setTimeout(r, 4000));
  console.log(JSON.stringify(posts.slice(5).map((p) => [p.do, p.drawing.author?.name, p.drawing.text, p.drawing.card?.buttons.map((b: any) => b.verb)]), null, 1));
  console.log(product.logged.filter((l: any) => l.level >= 40).map((l) => JSON.stringify(l).slice(0, 600)).join("\n"));
}, 60000);
