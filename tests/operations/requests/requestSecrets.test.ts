import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deriveKeys } from "../../../src/access/keys/keys.ts";
import { resealRequestSecrets, secretOf } from "../../../src/operations/requests/requestSecrets.ts";
import { type Agent, openProduct, type TestProduct } from "../../fixtures/product.ts";
import { type StrangeHost, startStrangeHost } from "../../fixtures/strangeHost.ts";

let host: StrangeHost;
let elsewhere: StrangeHost;
let product: TestProduct;
let admin: Agent;

/** Tokens that the giver has given, of which the last is good. */
let tokens = 0;
const secret = "of-ours-alone-4711";

beforeAll(async () => {
  const echo = (url: string | undefined, authorization: string | undefined) => JSON.stringify({ url, said: authorization ?? "nothing" });
  host = await startStrangeHost((request, response) => {
    if (request.url === "/token") {
      response.writeHead(200, { "content-type": "application/json" });
      return void response.end(JSON.stringify({ access_token: `token-number-${++tokens}`, token_type: "bearer", expires_in: 3600 }));
    }
    if (request.url === "/guarded" && request.headers.authorization !== `Bearer token-number-${tokens}`)
      return void response.writeHead(401).end();
    response.writeHead(200, { "content-type": "application/json" }).end(echo(request.url, request.headers.authorization));
  });
  elsewhere = await startStrangeHost((request, response) => void response.end(echo(request.url, request.headers.authorization)));
  product = await openProduct({ allowHosts: `${host.host},${elsewhere.host}` });
  admin = await product.agent("admin@demo.example");
});
afterAll(async () => {
  await product.stop();
  await Promise.all([host.stop(), elsewhere.stop()]);
});

/** Everything that any answer said. */
let heard = "";

async function ask(method: string, path: string, body?: object, who = admin) {
  const response = await fetch(`${product.url}/api/v1${path}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${who.token}`, "idempotency-key": randomUUID() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  heard += text;
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

const bearer = { kind: "bearer" };
const make = async (name: string, request: object) => {
  expect(await ask("POST", "/operations", { name, kind: "request", summary: "Asks a host.", request })).toMatchObject({ status: 201 });
  return (await ask("POST", `/operations/${name}/publish`)).body;
};
const change = async (name: string, request: object) => (await ask("PATCH", `/operations/${name}`, { request })).body;
const give = (name: string, given = secret, more: object = {}) => ask("POST", `/operations/${name}/secret`, { secret: given, ...more });
const run = async (name: string) => (await ask("POST", `/commands/${name}/runs`, { args: {} })).body;
const missing = { state: "refused", error: { code: "invalid_value", path: "request.credential" } };
const kept = async (name: string) =>
  (
    await product.database.acrossTenants.query<{ bound: string }>(
      `select bound_to as bound from operation_secret s join operation o on o.tenant_id = s.tenant_id and o.id = s.operation_id
        where o.name = $1 order by 1`,
      [name],
    )
  ).map(({ bound }) => bound);

describe("sec/sql/61 the secret of an API call", () => {
  it("is sent to the host that it was given for, and told to nobody, though the host echoes it", async () => {
    expect(await make("ask-host", { url: `${host.url}/a`, credential: bearer })).toMatchObject({
      secret: { origins: [host.url], given: false },
    });
    expect(await run("ask-host")).toMatchObject(missing);
    expect(await give("ask-host")).toMatchObject({ status: 200, body: { secret: { origins: [host.url], given: true } } });
    expect(await run("ask-host")).toMatchObject({ state: "succeeded", data: { fields: { said: "Bearer ••••" } } });
    expect(host.got.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);
  });

  it("never goes to another host, whatever is drafted, tried again or published", async () => {
    await make("moves", { url: `${host.url}/a`, credential: bearer });
    await give("moves");
    const tried = (url: string) =>
      ask("POST", "/commands/operation.try/runs", { args: { name: "moves", kind: "request", request: { url, credential: bearer } } });
    expect(await tried(`${host.url}/b`)).toMatchObject({ body: { data: { answer: { fields: { said: "Bearer ••••" } } } } });
    expect(await tried(`${elsewhere.url}/a`)).toMatchObject({ status: 422, body: { error: { path: "args.request.credential" } } });
    const draft = await change("moves", { url: `${elsewhere.url}/a`, credential: bearer });
    expect(draft).toMatchObject({ version: 2, published: 1, secret: { origins: [elsewhere.url], given: false } });
    // What runs is as it was, with what was given for it.
    expect(await run("moves")).toMatchObject({ state: "succeeded" });
    await ask("POST", "/operations/moves/publish");
    expect(await run("moves")).toMatchObject(missing);
    // Nothing leads to the first host any more, so nothing is kept for it: not for whoever takes the first version back either.
    expect(await kept("moves")).toEqual([]);
    await ask("POST", "/operations/moves/publish", { version: 1 });
    expect(await run("moves")).toMatchObject(missing);
    expect(elsewhere.got).toEqual([]);
  });

  it("stays on another path of its host, and is forgotten where it would be sent in another way", async () => {
    await make("same-host", { url: `${host.url}/a`, credential: bearer });
    await give("same-host");
    expect(await change("same-host", { url: `${host.url}/b?x=1`, credential: bearer })).toMatchObject({ secret: { given: true } });
    expect(await change("same-host", { url: `${host.url}/b`, credential: { kind: "key", in: "query", name: "k" } })).toMatchObject({
      secret: { given: false },
    });
    expect(await kept("same-host")).toEqual([`bearer ${host.url}`]);
    await ask("POST", "/operations/same-host/publish");
    expect(await kept("same-host")).toEqual([]);
    expect(await change("same-host", { url: `${host.url}/b` })).not.toHaveProperty("secret");
  });

  it("of what runs can be given while a draft leads elsewhere, and not for a version that is neither", async () => {
    await make("two-hosts", { url: `${host.url}/a`, credential: bearer });
    await change("two-hosts", { url: `${elsewhere.url}/a`, credential: bearer });
    await give("two-hosts", "for-the-draft-1");
    await give("two-hosts", secret, { version: 1 });
    expect(await kept("two-hosts")).toEqual([`bearer ${host.url}`, `bearer ${elsewhere.url}`].sort());
    expect(await run("two-hosts")).toMatchObject({ state: "succeeded" });
    expect(host.got.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);
    await ask("POST", "/operations/two-hosts/publish");
    expect(await give("two-hosts", secret, { version: 1 })).toMatchObject({ status: 409, body: { error: { code: "stale" } } });
  });

  it("is replaced, forgotten, and deleted with its operation", async () => {
    await make("short-life", { url: `${host.url}/a`, credential: bearer });
    await give("short-life");
    await give("short-life", "another-one-4712");
    await run("short-life");
    expect(host.got.at(-1)?.headers.authorization).toBe("Bearer another-one-4712");
    expect((await ask("DELETE", "/operations/short-life/secret")).status).toBe(204);
    expect(await run("short-life")).toMatchObject(missing);
    await give("short-life");
    await ask("DELETE", "/operations/short-life");
    expect(await kept("short-life")).toEqual([]);
  });

  it.each([
    ["too short", "abc", 422, "secret"],
    ["with a line break", "two\nlines", 422, "secret"],
    ["for a header, with a space", "two words", 422, "secret"],
  ])("is refused %s, without being told", async (_, given, status, path) => {
    await ask("POST", "/operations", {
      name: "refuses",
      kind: "request",
      summary: "x",
      request: { url: `${host.url}/a`, credential: bearer },
    });
    const answer = await give("refuses", given);
    expect([answer.status, answer.body.error.path]).toEqual([status, path]);
    expect(answer.body.error.message).not.toContain(given);
  });

  it("is given to nothing that proves nothing, by nobody who makes no operations", async () => {
    await make("open-to-all", { url: `${host.url}/a` });
    expect(await give("open-to-all")).toMatchObject({ status: 409 });
    expect(await give("not-there")).toMatchObject({ status: 404 });
    const agent = await product.agent();
    expect((await ask("POST", "/operations/ask-host/secret", { secret }, agent)).status).toBe(403);
    expect(await agent.refused("operation.secret", { name: "ask-host", secret })).toMatchObject({ code: "unknown_command" });
  });

  it("is sealed: no table, log or answer has it, a row that is led elsewhere can't be opened, and a new root key opens it", async () => {
    const sql = product.database.acrossTenants;
    const { body: runs } = await ask("GET", "/runs?limit=200");
    expect(JSON.stringify(runs)).toContain("operation.secret");
    await ask("GET", "/audit?limit=200");
    for (const table of ["operation_secret", "operation_version", "run", "audit_entry"]) {
      const rows = await sql.query<{ row: string }>(`select to_jsonb(t)::text as row from ${table} t`);
      expect(rows.length).toBeGreaterThan(0);
      expect(JSON.stringify(rows)).not.toContain("of-ours-alone");
    }
    expect(JSON.stringify(product.logged)).not.toContain("of-ours-alone");
    expect(heard).not.toContain("of-ours-alone");

    const [operation] = await sql.query<{ id: string }>("select id from operation where name = 'ask-host'");
    const of = { tenant: product.tenant, operation: operation?.id ?? "", definition: { url: host.url, credential: bearer } };
    const [old, rotating, after] = [
      deriveKeys("a root key for tests, 32 characters"),
      deriveKeys("another root key, 32 characters or more", "a root key for tests, 32 characters"),
      deriveKeys("another root key, 32 characters or more"),
    ];
    const found = (keys = old, definition: object = of.definition) => secretOf({ ...product, keys }, { ...of, definition });
    expect(await found()).toBe(secret);
    await resealRequestSecrets({ ...product, keys: rotating });
    await resealRequestSecrets({ ...product, keys: rotating });
    expect(await found(after)).toBe(secret);
    await sql.query("update operation_secret set bound_to = 'bearer https://evil.example.com' where operation_id = $1", [of.operation]);
    await expect(found(after, { url: "https://evil.example.com", credential: bearer })).rejects.toThrow();
  });
});

describe("complaint: OAuth tokens aren't renewed", () => {
  it("fifty calls at once with a token that has ended ask for one new token, and each is sent once more", async () => {
    const credential = { kind: "clientCredentials", tokenUrl: `${host.url}/token`, clientId: "switchboard" };
    await make("guarded-call", { url: `${host.url}/guarded`, credential });
    await give("guarded-call");
    expect(await run("guarded-call")).toMatchObject({ state: "succeeded" });
    expect(tokens).toBe(1);
    // The giver takes the token back before its time.
    tokens = 1000;
    const before = host.got.length;
    const ended = await Promise.all(Array.from({ length: 50 }, () => run("guarded-call")));
    expect(ended.map(({ state }) => state)).toEqual(Array(50).fill("succeeded"));
    const asked = host.got.slice(before).map(({ url }) => url);
    expect(asked.filter((url) => url === "/token")).toHaveLength(1);
    expect(asked.filter((url) => url === "/guarded").length).toBeLessThanOrEqual(100);
    expect(heard).not.toContain("token-number");
  });
});
