import { expect, it } from "vitest";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { listAll } from "../fixtures/listAll.ts";
import { each, once, without } from "./asking.ts";
import { type Answered, absent, type World } from "./world.ts";

/** The rows of the matrix for commands, over HTTP and in the chat. */
export function commandRows(open: () => World): void {
  it("sec/tenancy/8 commands: each actor is shown, and may run, exactly what their permissions say; the rest is unknown to them", async () => {
    const world = open();
    const { commands } = world;
    for (const [name, actor] of world.actors) {
      if (actor.kind !== "account" && actor.kind !== "apiKey") continue;
      const listed = await listAll<CommandListing>("/api/v1/commands", async (address) => (await world.ask(actor, "get", address)).text);
      const shown = listed.map((command) => command.name);
      // What a tenant made is there for its own people alone.
      const named = ({ source, name: called }: CommandListing) => {
        if (name !== "member of another tenant") return called;
        if (source === "operation") return world.theirs.words["operation"];
        return source === "blueprint" ? called.replace(`${world.ours.words["blueprint"]}.`, `${world.theirs.words["blueprint"]}.`) : called;
      };
      const expected = commands.filter(({ permission }) => actor.permissions.has(permission)).map(named);
      if (actor.kind === "account") expect([name, shown.toSorted()]).toEqual([name, expected.toSorted()]);
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
    const world = open();
    const { commands } = world;
    const before = await fingerprint(world);
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
    const compare = async (cell: (typeof cells)[number]) => {
      const key = `${cell.command.name} ${cell.argument}`;
      const [foreign, gone] = [await run(cell, cell.value), await answers(key, () => run(cell, cell.none))];
      expect([key, foreign.status, plain(foreign, cell.value)]).toEqual([key, gone.status, plain(gone, cell.none)]);
    };
    // Before others invite whoever they name: afterwards an invitation is there.
    const isOfInvitations = ({ command }: (typeof cells)[number]) => command.name.startsWith("invitation.");
    await each(cells.filter(isOfInvitations), compare);
    await each(
      cells.filter((cell) => !isOfInvitations(cell)),
      compare,
    );
    expect(await fingerprint(world)).toEqual(before);
  });

  it("chat: a visitor who writes a command of the staff is answered as one who writes what nobody knows", async () => {
    const world = open();
    const { commands } = world;
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
    const world = open();
    const { commands } = world;
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
}

/** What an answer says, but for what is new each time. */
function plain({ text }: Answered, asked: string): string {
  return without(text, asked)
    .replace(/"id":"[^"]*"/g, "")
    .replace(/"(createdAt|endedAt)":"[^"]*"/g, "");
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
async function fingerprint(world: World): Promise<unknown> {
  const sql = world.product.database.acrossTenants;
  // The search is filled behind: nothing of it is left to be done when the rows are compared.
  await expect.poll(() => sql.query("select from contact where not searched"), { timeout: 20_000 }).toEqual([]);
  const tables = await sql.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
      where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace order by 1`,
  );
  const prints = tables.map(
    ({ name }) =>
      `select '${name}' as name, md5(string_agg(t::text, '|' order by t::text)) as print from "${name}" t where tenant_id = (select id from tenant where slug = 'elsewhere')`,
  );
  return await sql.query(prints.join(" union all "));
}
