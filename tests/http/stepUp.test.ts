import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listAll } from "../fixtures/listAll.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/**
 * Everything for which a session that was left open is not enough, by the product's own declarations: the commands that it lists with `stepUp`, the
 * operations that the document marks `x-step-up`. What is declared newly has no row here, and fails.
 */
let product: TestProduct;
let owner: Agent;
let token: string;
let contact: string;
let run: string;
const another = "another quiet heron at dusk";
const colleague = "agent2@demo.example";

interface Row {
  /** A command's name, or a method and a path. */
  door: string;
  with?: () => object;
  /** Once they said who they are; 200 where nothing is said. */
  after?: number;
}

const source = { kind: "postgresql", host: "db.example.com", database: "reports", user: "reader" };
/** Each stands on those before it. */
const rows: Row[] = [
  { door: "agent.invite", with: () => ({ email: "one@example.org" }) },
  { door: "admin.invite", with: () => ({ email: "two@example.org" }) },
  { door: "invitation.resend", with: () => ({ email: "one@example.org" }) },
  { door: "agent.deactivate", with: () => ({ email: colleague }) },
  { door: "agent.activate", with: () => ({ email: colleague }) },
  { door: "admin.deactivate", with: () => ({ email: colleague }) },
  { door: "admin.activate", with: () => ({ email: colleague }) },
  // They have none.
  { door: "agent.reset-factor", with: () => ({ email: colleague }), after: 409 },
  { door: "role.create", with: () => ({ key: "night", name: "Night", permissions: "commands.run" }) },
  { door: "role.update", with: () => ({ role: "night", name: "Night shift" }) },
  { door: "role.grant", with: () => ({ email: colleague, role: "night" }) },
  { door: "run.undo", with: () => ({ run }) },
  { door: "role.revoke", with: () => ({ email: colleague, role: "agent" }) },
  { door: "role.delete", with: () => ({ role: "night" }) },
  { door: "key.create", with: () => ({ name: "Reports", scopes: "commands.run" }) },
  // Nobody may take a rule away that binds them: it waits for an admin.
  { door: "approval.require", with: () => ({ command: "tag.create", by: "admin" }) },
  { door: "approval.remove", with: () => ({ command: "tag.create" }), after: 202 },
  { door: "audit.keep", with: () => ({ days: 365 }) },
  { door: "inbox.identity-secret", with: () => ({ inbox: product.inbox }) },
  { door: "inbox.rotate-identity-secret", with: () => ({ inbox: product.inbox }) },
  { door: "inbox.mail-secret" },
  { door: "inbox.rotate-mail-secret" },
  { door: "channel.app", with: () => ({ channel: "teams", appId: "bot", password: "a secret of the bot" }) },
  { door: "channel.connect", with: () => ({ organisation: "example", name: "Example" }) },
  { door: "channel.disconnect", with: () => ({ workspace: "Example" }) },
  // It is called by its id.
  { door: "channel.remove-app", with: () => ({ app: "bot" }), after: 422 },
  { door: "me.link", with: () => ({ code: "ABCDEFGH" }), after: 404 },
  { door: "tenant.sso-set", with: () => ({ domains: "acme.example" }), after: 422 },
  { door: "tenant.sso-remove", after: 404 },
  { door: "data-source.create", with: () => ({ name: "shop", ...source }) },
  { door: "data-source.update", with: () => ({ source: "shop", user: "other" }) },
  { door: "data-source.delete", with: () => ({ source: "shop" }) },
  { door: "operation.secret", with: () => ({ name: "weather", secret: "of-their-host-1" }) },
  { door: "contact.export", with: () => ({ contact }) },
  { door: "contact.erase", with: () => ({ contact }) },
  { door: "POST /api/v1/data-sources", with: () => ({ name: "books", ...source }), after: 201 },
  { door: "PATCH /api/v1/data-sources/{id}", with: () => ({ user: "other" }) },
  { door: "DELETE /api/v1/data-sources/{id}", after: 204 },
  { door: "POST /api/v1/operations/{name}/secret", with: () => ({ secret: "of-their-host-2" }) },
  { door: "DELETE /api/v1/operations/{name}/secret", after: 204 },
  { door: "GET /api/v1/audit/export" },
  { door: "GET /api/v1/tenant/export" },
  { door: "GET /api/v1/account/export" },
  { door: "POST /api/v1/account/second-factor", after: 201 },
  // There are none yet.
  { door: "POST /api/v1/account/second-factor/recovery-codes", after: 409 },
  // No provider is set up here.
  { door: "POST /api/v1/account/identities", with: () => ({ provider: "google" }), after: 404 },
  { door: "DELETE /api/v1/account/identities/{id}", after: 404 },
  { door: "POST /api/v1/account/email/link", with: () => ({ email: "new@example.org", password: goodPassword }), after: 202 },
  { door: "me.password", with: () => ({ current: goodPassword, new: another }) },
  { door: "POST /api/v1/tenant/deletion", with: () => ({ slug: "demo", password: another }) },
  { door: "POST /api/v1/account/deletion", with: () => ({ password: another }), after: 204 },
];

beforeAll(async () => {
  product = await openProduct();
  const sql = product.database.acrossTenants;
  await sql.query("update membership set roles = '{owner}' where account_id = (select id from account where email = 'admin@demo.example')");
  owner = await product.agent("admin@demo.example");
  token = owner.token;
  const request = { url: "https://api.example.com/", credential: { kind: "bearer" } };
  await owner.run("operation.create", { name: "weather", kind: "request", summary: "Asks a host.", request });
  const { page } = await product.visit();
  await page.close();
  const [visitor] = await sql.query<{ id: string }>("select id from contact where tenant_id = $1", [product.tenant]);
  contact = visitor?.id ?? "";
});
afterAll(() => product.stop());

const ask = (method: string, path: string, body?: object) =>
  fetch(`${product.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), prefer: "wait=25" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const absent = "01890a5d-ac96-774b-bcce-b302099a8057";
const idIn = async (path: string): Promise<string> => {
  if (!path.includes("data-sources")) return absent;
  const [found] = await product.database.acrossTenants.query<{ id: string }>("select id from data_source where name = 'books'");
  return found?.id ?? absent;
};

/** The status, and the code of what is refused. A command is planned first where it must be confirmed, as people do it. */
async function pass({ door, with: given }: Row): Promise<[number, string | undefined]> {
  const [method = "", address] = door.split(" ");
  const answer =
    address === undefined
      ? await runOf(method, given?.() ?? {})
      : await ask(method, address.replace("{id}", await idIn(address)).replace("{name}", "weather"), given?.());
  const text = await answer.text();
  // Without its tenant the session goes on by another token.
  if (door.endsWith("tenant/deletion") && answer.ok) token = JSON.parse(text).accessToken;
  return [answer.status, answer.status < 400 ? undefined : JSON.parse(text).error.code];
}

async function runOf(command: string, args: object): Promise<Response> {
  const planned = await ask("POST", `/api/v1/commands/${command}/plans`, { args });
  const { hash: planHash }: { hash?: string } = planned.ok ? JSON.parse(await planned.text()) : {};
  const answer = await ask("POST", `/api/v1/commands/${command}/runs`, { args, ...(planHash === undefined ? {} : { planHash }) });
  const { id }: { id?: string } = JSON.parse(await answer.clone().text());
  run = id ?? run;
  return answer;
}

/** Six minutes pass for this session: a step-up holds for five. */
const leaveOpen = () =>
  product.database.acrossTenants.query(
    "update session set created_at = created_at - interval '6 minutes', stepped_up_at = stepped_up_at - interval '6 minutes' where account_id = $1",
    [owner.id],
  );

describe("saying again who one is", () => {
  it("has a row for everything that declares it, and none besides", async () => {
    const { paths }: { paths: Record<string, Record<string, { "x-step-up"?: true }>> } = JSON.parse(
      await (await ask("GET", "/api/openapi.json")).text(),
    );
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, declared]) => (declared["x-step-up"] === true ? [`${method.toUpperCase()} ${path}`] : [])),
    );
    const items = await listAll<{ name: string; stepUp?: true }>("/api/v1/commands", async (address) => (await ask("GET", address)).text());
    const commands = items.filter(({ stepUp }) => stepUp === true).map(({ name }) => name);
    expect([...commands, ...operations].toSorted()).toEqual(rows.map(({ door }) => door).toSorted());
  });

  it.each(rows)("$door is refused to a session left open, and possible once they said it", async (row) => {
    await leaveOpen();
    expect(await pass(row)).toEqual([403, "step_up_needed"]);
    const password = (await ask("POST", "/api/v1/session/step-up", { password: goodPassword })).ok ? goodPassword : another;
    expect((await ask("POST", "/api/v1/session/step-up", { password })).status).toBe(200);
    const [status, code] = await pass(row);
    expect([status, code]).toEqual([row.after ?? 200, status < 400 ? undefined : expect.not.stringMatching("step_up_needed")]);
  });
});
