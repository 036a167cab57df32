import { inspect } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createPasswords } from "../../src/access/accounts/passwords.ts";
import { addSuperAdmin } from "../../src/access/super/superAdmins.ts";
import { createAuthenticator } from "../fixtures/authenticator.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

let product: TestProduct;
let admin: Agent;
beforeAll(async () => {
  product = await openProduct();
  admin = await product.agent("admin@demo.example");
});
afterAll(() => product.stop());

/** Every row of every table, as text: bytes in hexadecimal. */
async function dump(): Promise<string> {
  const client = new pg.Client(product.databaseUrl);
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
  );
  let text = "";
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(`select to_jsonb(t)::text as row from "${name}" t`);
    text += rows.map(({ row }) => `${name} ${row}\n`).join("");
  }
  await client.end();
  return text;
}

it("sec/auth/31 no password, token, key or secret stands in a table or in the log after a walk through many doors", async () => {
  const secrets = new Map<string, string>();
  const keep = (name: string, secret: unknown) => {
    expect(String(secret).length, name).toBeGreaterThan(15);
    secrets.set(name, String(secret));
  };
  const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
    await fetch(`${product.url}/api/v1/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  keep("a wrong password", "wrong-horse-battery-staple");
  await post("session", { email: "agent1@demo.example", password: "wrong-horse-battery-staple" });
  await post("session", { email: "wrong-horse-battery-staple@demo.example", password: "a quiet heron at dawn" });
  keep("the password", "a quiet heron at dawn");
  await product.agent("agent1@demo.example");
  const signedIn = await post("session", { email: "agent1@demo.example", password: "a quiet heron at dawn" });
  const { accessToken } = JSON.parse(await signedIn.text());
  const cookie = /^[^=]+=([^;]+)/.exec(signedIn.headers.get("set-cookie") ?? "")?.[1] ?? "";
  keep("an access token", accessToken);
  keep("a refresh token", cookie);
  const refreshed = await post("session/refresh", {}, { cookie: `switchboard_refresh=${cookie}` });
  keep("its successor", /^[^=]+=([^;]+)/.exec(refreshed.headers.get("set-cookie") ?? "")?.[1]);
  keep("a ticket", await admin.ticket());
  const { welcome, page } = await product.visit();
  keep("a visitor's token", welcome.token);

  const begun = await post("account/second-factor", {}, bearer(accessToken));
  expect(begun.status).toBe(201);
  const { secret: shared } = JSON.parse(await begun.text());
  keep("a second factor's secret", shared);
  const code = createAuthenticator(shared, product.clock).code();
  const confirmed = await post("account/second-factor/confirm", { code }, bearer(accessToken));
  const { recoveryCodes }: { recoveryCodes: string[] } = JSON.parse(await confirmed.text());
  expect(recoveryCodes).toHaveLength(10);
  for (const [index, recovery] of recoveryCodes.entries()) keep(`recovery code ${index}`, recovery);
  keep("a new password", "seven owls over still water");
  keep("another wrong one", "eight owls over still water");
  await post(
    "commands/me.password/runs",
    { args: { current: "eight owls over still water", new: "seven owls over still water" } },
    bearer(accessToken),
  );
  await post(
    "commands/me.password/runs",
    { args: { current: "a quiet heron at dawn", new: "seven owls over still water" } },
    bearer(accessToken),
  );
  await post("account/password/link", { email: "agent1@demo.example" });

  for (const command of ["inbox.identity-secret", "inbox.mail-secret"]) {
    const { data, messages } = await admin.run(command, command === "inbox.mail-secret" ? {} : { inbox: product.inbox });
    const { secret } = JSON.parse(JSON.stringify(data));
    keep(command, secret);
    expect(JSON.stringify(messages)).toContain(secret);
  }
  await page.close();

  const { data } = await admin.run("key.create", { name: "Reports", scopes: "conversations.read" });
  const { key } = JSON.parse(JSON.stringify(data));
  keep("an API key", key);
  for (const path of ["conversations", "nothing-here"])
    await fetch(`${product.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${key}` } });
  const passwords = createPasswords({ memoryKiB: 1024, passes: 1 });
  const given = { email: "root@example.org", name: "Root" };
  const { secret } = await addSuperAdmin({ ...product, passwords }, { user: "root", most: 1 }, given);
  keep("a super admin's first secret", secret);
  const entered = await fetch(`${product.url}/super/sign-in`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: product.url },
    body: new URLSearchParams({ email: given.email, password: secret }),
  });
  keep("a super admin's cookie", /^[^=]+=([^;]+)/.exec(entered.headers.get("set-cookie") ?? "")?.[1]);

  const [kept, logged] = [await dump(), JSON.stringify(product.logged)];
  expect(kept).toContain("agent1@demo.example");
  expect(logged).toContain("signed in");
  for (const [name, secret] of secrets) {
    // As it was shown, without the signs that make it readable, and as bytes of a table.
    for (const form of [secret, secret.replaceAll("-", ""), Buffer.from(secret).toString("hex")]) {
      expect(kept.includes(form), `${name} in the database`).toBe(false);
      expect(logged.includes(form), `${name} in the log`).toBe(false);
    }
  }
});

it("no line of the log has a word of what was said, asked, noted or answered, of any level and however it ended", async () => {
  const [agent, desk] = [await product.agent("agent2@demo.example"), await admin.desk()];
  const { page, conversation } = await product.visit();
  const answer = await page.answerTo(await page.say("reverse quince-visitor"));
  expect(answer.text).toBe("visitor-quince");
  await page.sayRefused(`quince-long ${"x".repeat(4000)}`);
  await page.say("Where is quince-parcel?");
  await page.say("person");
  await agent.run("conversation.take", { conversation });
  const own = await agent.desk();
  await own.say(conversation, "It is quince-reply");
  await page.until("message", ({ text }) => text === "It is quince-reply");
  await own.note(conversation, "quince-note of the carrier");
  await desk.refused({ type: "note", conversation: "quince-conversation", text: "quince-refused" });
  await agent.refused("conversation.snooze", { conversation, until: "quince-time" });
  await agent.run("conversation.close", { conversation });
  await Promise.all([page, own, desk].map((socket) => socket.close()));

  expect(await dump()).toContain("quince-note");
  const logged = inspect(product.logged, { depth: null, maxArrayLength: null, maxStringLength: null });
  expect(logged).toContain("signed in");
  expect(logged).not.toContain("quince");
});
