import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPermission } from "../../src/access/permissions.ts";
import { predefinedRoles } from "../../src/access/roles/roles.ts";
import type { CommandListing } from "../../src/protocol/commands.ts";
import type { DeskFrame } from "../../src/protocol/desk.ts";
import type { VisitorFrame } from "../../src/protocol/visitor.ts";
import { openDesk } from "../fixtures/deskClient.ts";
import { type Actor, type Answered, absent, each, type Operation, once, openWorld, type World, without } from "./world.ts";

/**
 * Every door × everybody × own, another tenant's, absent. The doors come from the product's own declarations: a new operation, command or frame
 * is asked without anybody writing it here, and one that doesn't say what it needs, or has no row, doesn't compile or fails.
 */
let world: World;
let operations: Operation[];
let commands: CommandListing[];
beforeAll(async () => {
  world = await openWorld();
  ({ operations, commands } = world);
}, 30_000);
afterAll(() => world.close());

const reaches = ({ security }: Operation, kind: Actor["kind"]) => {
  if (security.length === 0) return true;
  const scheme = {
    nobody: undefined,
    super: undefined,
    inactive: undefined,
    visitor: "visitorToken",
    account: "accessToken",
    apiKey: "apiKey",
  }[kind];
  return scheme !== undefined && security.some((each) => Object.hasOwn(each, scheme));
};
const addressed = ({ path, params }: Operation, value: string) =>
  params.reduce((address, name) => address.replace(`{${name}}`, value), path);
/** Ends the session of whoever asks, or others of theirs: it would change who they are for all others. */
const endsSession = ({ method, path }: Operation) => method === "delete" && /^\/api\/v1\/sessions?$/.test(path);

// Thousands of requests: more than the usual time where the machine is busy.
describe("the matrix", { timeout: 60_000 }, () => {
  it("has every operation, and each says what it needs", () => {
    expect(operations.length).toBeGreaterThan(40);
    for (const { id, needs, security } of operations) {
      expect(needs === "own" || needs === "anybody" || isPermission(needs), id).toBe(true);
      if (needs !== "anybody") expect(security, id).not.toEqual([]);
    }
    expect(commands.length).toBeGreaterThan(80);
    for (const { name, permission } of commands) expect(isPermission(permission), name).toBe(true);
  });

  it("sec/tenancy/10 who may change or delete a kind of thing needs one permission, and nobody needs less than who makes it", () => {
    const of = (verbs: string[]) => {
      const needed = new Map<string, string[]>();
      for (const { name, permission } of commands) {
        const [kind = "", verb = ""] = name.split(".");
        if (verbs.includes(verb)) needed.set(kind, [...new Set([...(needed.get(kind) ?? []), permission])]);
      }
      return needed;
    };
    const [making, changing] = [of(["create", "add"]), of(["set", "update", "rename", "delete", "remove", "revoke"])];
    expect(making.size).toBeGreaterThan(4);
    for (const [kind, made] of making) {
      const changed = changing.get(kind) ?? made;
      expect([kind, changed]).toEqual([kind, changed.slice(0, 1)]);
      const holders = (permission = "") => predefinedRoles.filter(({ grants }) => grants.some((grant) => grant.permission === permission));
      // Whoever may change it may make it: agents make tags by using them, which admins tidy up.
      for (const role of holders(changed[0])) expect([kind, role.key, holders(made[0]).includes(role)]).toEqual([kind, role.key, true]);
    }
  });

  it("sec/tenancy/8 sec/tenancy/13 HTTP: who isn't known is nobody at every door, and who lacks what it needs is refused there", async () => {
    const cells = operations
      .filter((each) => !endsSession(each))
      .flatMap((operation) => [...world.actors].map(([name, actor]) => ({ operation, name, actor })));
    await each(cells, async ({ operation, name, actor }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const { status, code } = await world.ask(actor, operation.method, addressed(operation, absent));
      if (!reaches(operation, actor.kind)) expect([cell, status, code]).toEqual([cell, 401, "unauthenticated"]);
      else if (actor.kind !== "visitor" && isPermission(operation.needs) && !actor.permissions.has(operation.needs))
        expect([cell, status, code]).toEqual([cell, 403, "forbidden"]);
      else expect([cell, status < 500 || code === "unavailable"]).toEqual([cell, true]);
    });
  });

  it("sec/tenancy/1 sec/tenancy/11 HTTP: what is another tenant's answers as what isn't there, whatever it is, and one's own doesn't", async () => {
    const named = operations.filter(({ params }) => params.length > 0 && !params.includes("name"));
    expect(named.length).toBeGreaterThan(4);
    const kept = once<Answered>();
    const isOwn = new Set<string>();
    const cells = named.flatMap((operation) =>
      ["owner", "admin", "agent", "API key without scope", "visitor"].flatMap((name) =>
        world.theirs.ids.map((id) => ({ operation, name, id })),
      ),
    );
    const gone = (name: string, operation: Operation) =>
      kept(`${name} ${operation.id}`, () => world.ask(name, operation.method, addressed(operation, absent)));
    await each(cells, async ({ operation, name, id }) => {
      const cell = `${name}: ${operation.method} ${operation.path}`;
      const [foreign, none] = [await world.ask(name, operation.method, addressed(operation, id)), await gone(name, operation)];
      expect([cell, foreign.status, without(foreign.text, id)]).toEqual([cell, none.status, without(none.text, absent)]);
    });
    // The same with what is there: a door that answers everything alike would pass by being shut.
    const reads = named.filter(({ method, needs }) => method === "get" && needs !== "anybody");
    await each(
      reads.flatMap((operation) => world.ours.ids.map((id) => ({ operation, id }))),
      async ({ operation, id }) => {
        const own = await world.ask("owner", "get", addressed(operation, id));
        if (own.status !== (await gone("owner", operation)).status) isOwn.add(operation.id);
      },
    );
    expect([...isOwn].sort()).toEqual(reads.map(({ id }) => id).sort());
  });

  it("sec/tenancy/8 commands: each actor is shown, and may run, exactly what their permissions say; the rest is unknown to them", async () => {
    for (const [name, actor] of world.actors) {
      if (actor.kind !== "account" && actor.kind !== "apiKey") continue;
      const { text } = await world.ask(actor, "get", "/api/v1/commands?limit=200");
      const shown: string[] = JSON.parse(text).items.map((command: CommandListing) => command.name);
      const expected = commands.filter(({ permission }) => actor.permissions.has(permission)).map((command) => command.name);
      if (actor.kind === "account") expect([name, shown]).toEqual([name, expected]);
      else expect(shown.filter((each) => !expected.includes(each))).toEqual([]);
    }
    const cells = commands.flatMap((command) =>
      [...world.actors.keys()].filter((name) => !["owner", "member of another tenant"].includes(name)).map((name) => ({ command, name })),
    );
    const nowhere = once<Answered>();
    await each(cells, async ({ command, name }) => {
      if (world.actors.get(name)?.permissions.has(command.permission)) return;
      // A plan is asked for by the same lines, and writes nothing down that others wait for: one actor shows both.
      for (const verb of name === "agent" ? ["runs", "plans"] : ["plans"]) {
        const ask = (called: string) => world.ask(name, "post", `/api/v1/commands/${called}/${verb}`, { args: {} });
        const [{ status, text }, unknown] = [await ask(command.name), await nowhere(`${name} ${verb}`, () => ask("nothing.there"))];
        expect([name, command.name, status, without(text, command.name)]).toEqual([
          name,
          command.name,
          unknown.status,
          without(unknown.text, "nothing.there"),
        ]);
      }
    });
  });

  it("sec/tenancy/1 sec/tenancy/16 commands: an argument that names another tenant's thing answers as one that names nothing", async () => {
    const before = await fingerprint();
    const { ids, words } = world.theirs;
    const cells = commands.flatMap((command) =>
      Object.entries(command.args.properties).flatMap(([argument, { format }]) => {
        const word = words[argument];
        const values = format === "uuid" ? ids : word === undefined ? [] : [word];
        // As long as the other, for an error may tell the length.
        return values.map((value) => ({ command, argument, value, none: format === "uuid" ? absent : `${value.slice(0, -1)}q` }));
      }),
    );
    expect(cells.length).toBeGreaterThan(200);
    const answers = once<Answered>();
    const run = async ({ command, argument }: (typeof cells)[number], value: string) => {
      const asked = (verb: string, more = {}) =>
        world.ask("owner", "post", `/api/v1/commands/${command.name}/${verb}`, {
          args: { ...filled(command, argument), [argument]: value },
          ...more,
        });
      if (command.risk !== "destructive") return await asked("runs");
      // What can't be taken back is confirmed, or it would be refused whomever it is about.
      const plan = await asked("plans");
      return plan.status === 200 ? await asked("runs", { planHash: JSON.parse(plan.text).hash }) : plan;
    };
    await each(cells, async (cell) => {
      const key = `${cell.command.name} ${cell.argument}`;
      const [foreign, gone] = [await run(cell, cell.value), await answers(key, () => run(cell, cell.none))];
      expect([key, foreign.status, plain(foreign, cell.value)]).toEqual([key, gone.status, plain(gone, cell.none)]);
    });
    expect(await fingerprint()).toEqual(before);
  });

  it("sec/tenancy/2 a write that brings the tenant, an id or rights along is refused", async () => {
    const cells = ["tenant", "tenantId", "tenant_id", "id", "createdAt", "role", "roles", "active", "permissions", "__proto__"].flatMap(
      (field) => [`{"args":{"name":"x"},"${field}":"${absent}"}`, `{"args":{"name":"x","${field}":"${absent}"}}`],
    );
    await each(cells, async (body) => {
      const { status } = await world.ask("admin", "post", "/api/v1/commands/tag.create/runs", JSON.parse(body));
      expect([body, status]).toEqual([body, 422]);
    });
  });

  it("sockets: nobody but who may work here opens the desk's, and a ticket of one is another's nothing", async () => {
    await each([...world.actors], async ([name, actor]) => {
      const { status } = await world.ask(actor, "post", "/api/v1/session/ticket");
      expect([name, status]).toEqual([name, actor.kind === "account" ? 200 : 401]);
      const token = actor.headers["authorization"]?.split(" ")[1] ?? "";
      const desk = await openDesk(world.product.url);
      desk.send({ type: "hello", ticket: token });
      expect([name, (await desk.ended).code]).toEqual([name, 4401]);
    });
  });

  it("sockets: every frame of the desk answers for another tenant's conversation as for none, to whoever is there", async () => {
    // A new frame has no row here until somebody writes it: then this doesn't compile.
    const frames: Record<DeskFrame["type"], ((id: string) => object) | undefined> = {
      hello: undefined,
      ping: undefined,
      unwatch: undefined,
      watch: (id) => ({ topic: `conversation:${id}` }),
      message: (id) => ({ conversation: id, clientId: "c", text: "x" }),
      note: (id) => ({ conversation: id, clientId: "c", text: "x" }),
      typing: (id) => ({ conversation: id, on: true }),
      read: (id) => ({ conversation: id, seq: 1 }),
      look: (id) => ({ conversation: id }),
    };
    const { agent, owner, stranger } = world.people;
    const asked = [
      { who: agent, foreign: world.theirs.conversation },
      { who: owner, foreign: world.theirs.conversation },
      { who: stranger, foreign: world.ours.conversation },
    ];
    const silent = new Set(["typing", "read", "look"]);
    await Promise.all(
      asked.map(async ({ who, foreign }) => {
        const desk = await who.desk();
        const heard: string[] = [];
        desk.each((frame) => frame.type !== "pong" && heard.push(JSON.stringify(frame)));
        for (const [type, make] of Object.entries(frames)) {
          if (make === undefined || silent.has(type)) continue;
          const said = [];
          for (const id of [foreign, absent]) {
            heard.length = 0;
            desk.send({ type, ...make(id) });
            await expect.poll(() => heard.length, { interval: 5 }).toBe(1);
            said.push(heard.map((frame) => without(frame, id)));
          }
          expect([who.email, type, said[0]]).toEqual([who.email, type, said[1]]);
        }
        heard.length = 0;
        for (const id of [foreign, absent])
          for (const [type, make] of Object.entries(frames)) if (silent.has(type)) desk.send({ type, ...make?.(id) });
        // What nobody is told would have come with what is asked of the database after it.
        desk.send({ type: "watch", topic: `conversation:${absent}` });
        await expect.poll(() => heard.length, { interval: 5 }).toBe(1);
        expect(heard).toEqual([expect.stringContaining('"ref":"conversation:')]);
        await desk.close();
      }),
    );
    const desk = await agent.desk();
    desk.send({ type: "watch", topic: "queue:their-team" });
    await expect(desk.until("snapshot", ({ topic }) => topic === "queue:their-team")).resolves.toMatchObject({ items: [] });
    await desk.close();
  });

  it("sec/tenancy/11 sockets: every frame of a visitor answers for what is another's as for what isn't there", async () => {
    // A visitor's frame names no conversation: what it may name is a file, a message by its place, and an inbox with a token.
    const frames: Record<VisitorFrame["type"], ((of: { file: string; seq: number }) => object)[]> = {
      hello: [],
      ping: [],
      typing: [],
      end: [],
      message: [({ file }) => ({ clientId: "m", text: "x", files: [file] })],
      action: [({ seq }) => ({ clientId: "a", seq, action: "help" })],
      read: [({ seq }) => ({ seq })],
      contact: [() => ({ clientId: "c", email: world.people.stranger.email })],
      transcript: [() => ({ clientId: "t" })],
      // What is merged of another person: see tests/sockets/merge.test.ts.
      merged: [() => ({ clientId: "g" })],
      rate: [() => ({ clientId: "r", score: 3 })],
    };
    const answersFor = async (of: { file: string; seq: number }) => {
      const { page } = await world.product.visit();
      const heard: Record<string, string[]> = {};
      for (const [type, rows] of Object.entries(frames))
        for (const make of rows) {
          const said: string[] = [];
          page.each((frame) => frame.type !== "pong" && said.push(JSON.stringify(frame)));
          page.send({ type, ...make(of) });
          if (type === "read") await page.settled();
          else await expect.poll(() => said.some((frame) => /"(ref|clientId)":"[a-z]"/.test(frame)), { interval: 5 }).toBe(true);
          heard[type] = said
            .filter((frame) => /"type":"error"/.test(frame))
            .map((frame) => without(frame, of.file).replace(/"requestId":"[^"]*"/, ""));
        }
      await page.close();
      return heard;
    };
    const [foreign, others, none] = await Promise.all([
      answersFor({ file: world.theirs.file, seq: 1 }),
      answersFor({ file: world.ours.file, seq: 1 }),
      answersFor({ file: absent, seq: 999 }),
    ]);
    expect(none["message"]).not.toEqual([]);
    expect(foreign["message"]).toEqual(none["message"]);
    expect(others["message"]).toEqual(none["message"]);
    expect(foreign["action"]).toEqual(others["action"]);
  });

  it("chat: a visitor who writes a command of the staff is answered as one who writes what nobody knows", async () => {
    const staff = commands.filter(({ audience }) => audience === "staff").map(({ name }) => name);
    expect(staff.length).toBeGreaterThan(60);
    const { page } = await world.product.visit();
    for (const name of ["nothing.there", ...staff]) page.send({ type: "message", clientId: name, text: `${name} x` });
    const answers = () => page.shown().filter(({ author }) => author.kind === "bot");
    await expect.poll(() => answers().length, { timeout: 15_000 }).toBe(staff.length + 1);
    expect([...new Set(answers().map(({ text }) => text))]).toHaveLength(1);
    const sql = world.product.database.acrossTenants;
    const run = "select command from run where principal_kind = 'visitor' and command = any($1)";
    expect(await sql.query(run, [staff])).toEqual([]);
    await page.close();
  });

  it("commands: what is one's own is found by each argument that names a thing", async () => {
    const { tag = "", team = "" } = world.ours.words;
    const { email } = world.people.agent;
    const words = { tag, email, agent: email, to: email, team, until: "tomorrow 10:00", conversation: world.ours.conversation };
    // Nothing of these is there in a tenant where nothing went wrong, nobody was told or offered anything, and nothing was prepared or merged.
    const notHere = new Set([
      "mail.retry mail",
      "notice.read notice",
      "mention.read conversation",
      "conversation.decline conversation",
      "canned.send conversation",
      "macro.run conversation",
      "conversation.unmerge merged",
    ]);
    const cells = commands
      .flatMap((command) => Object.entries(command.args.properties).map(([argument, { format }]) => ({ command, argument, format })))
      .filter(({ command, argument, format }) => format === "uuid" && !notHere.has(`${command.name} ${argument}`));
    const silent: string[] = [];
    const find = async ({ command, argument }: (typeof cells)[number]) => {
      const run = async (value: string) => {
        const args = { ...filled(command, argument, words), [argument]: value };
        return plain(await world.ask("owner", "post", `/api/v1/commands/${command.name}/runs`, { args }), value);
      };
      const none = await run(absent);
      for (const id of world.ours.ids) if ((await run(id)) !== none) return;
      silent.push(`${command.name} ${argument}`);
    };
    await each(
      cells.filter(({ command }) => command.risk !== "destructive"),
      find,
    );
    expect(silent.sort()).toEqual([]);
  });
});

/** What an answer says, but for what is new each time. */
function plain({ text }: Answered, asked: string): string {
  return without(text, asked)
    .replace(/"id":"[^"]*"/g, "")
    .replace(/"createdAt":"[^"]*"/, "");
}

/** Something for each other argument that must be there. */
function filled({ args }: CommandListing, but: string, words: Record<string, string> = {}): Record<string, unknown> {
  return Object.fromEntries(
    (args.required ?? []).flatMap((name): [string, unknown][] => {
      const schema = args.properties[name];
      if (name === but || schema === undefined) return [];
      if (words[name] !== undefined) return [[name, words[name]]];
      if (schema.format === "uuid") return [[name, absent]];
      if (schema.enum !== undefined) return [[name, schema.enum[0]]];
      if (schema.type === "integer" || schema.type === "number") return [[name, schema.minimum ?? 1]];
      if (schema.type === "boolean") return [[name, true]];
      if (schema.type === "object") return [[name, {}]];
      if (schema.type === "array") return [[name, []]];
      return [[name, "nothing"]];
    }),
  );
}

/** Everything of the other tenant, as one text: what no door may have changed. */
async function fingerprint(): Promise<unknown> {
  const sql = world.product.database.acrossTenants;
  // The search is filled behind: nothing of it is left to be done when the rows are compared.
  await expect.poll(() => sql.query("select from contact where not searched"), { timeout: 20_000 }).toEqual([]);
  const tables = await sql.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const prints = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as print from "${name}" t where tenant_id = (select id from tenant where slug = 'elsewhere')`,
  );
  return await sql.query(prints.join(" union all "));
}
