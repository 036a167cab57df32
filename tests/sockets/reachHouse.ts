import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { upload } from "../fixtures/uploads.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

/** A place, as the naive rule of these tests has it: of any inbox or team where it is missing. */
interface Place {
  inbox?: string;
  team?: string;
}

/** Somebody, and what their roles come to, written down by hand: the product's own rule isn't asked. */
export interface Scope {
  name: string;
  roles: readonly string[];
  /** Where they may read besides what is their own; undefined: nowhere at all. */
  reads: readonly Place[] | undefined;
  /** Where they may answer besides what is their own. */
  answers: readonly Place[];
  team?: string;
  elsewhere?: boolean;
}

const website = { inbox: "Website" };
const shop = { inbox: "Shop" };
const everywhere = [{}];

export const scopes: readonly Scope[] = [
  { name: "own", roles: ["own-role"], reads: [], answers: [] },
  { name: "teamful", roles: ["support"], reads: [{ team: "support" }], answers: [{ team: "support" }], team: "support" },
  { name: "teamless", roles: ["support"], reads: [], answers: [] },
  { name: "teams", roles: ["sales-role"], reads: [{ team: "sales" }], answers: [{ team: "sales" }] },
  { name: "inbox", roles: ["shop-role"], reads: [shop], answers: [shop] },
  { name: "both", roles: ["shop-sales-role"], reads: [{ ...shop, team: "sales" }], answers: [{ ...shop, team: "sales" }] },
  {
    name: "several",
    roles: ["own-role", "sales-role", "website-support-role"],
    reads: [{ team: "sales" }, { ...website, team: "support" }],
    answers: [{ team: "sales" }, { ...website, team: "support" }],
  },
  { name: "narrow", roles: ["shop-reading-role", "own-role"], reads: [shop], answers: [] },
  { name: "all", roles: ["agent"], reads: everywhere, answers: everywhere, team: "sales" },
  { name: "blind", roles: ["employee"], reads: undefined, answers: [] },
  { name: "stranger", roles: ["agent"], reads: everywhere, answers: everywhere, elsewhere: true },
];

const answering = "conversations.read, conversations.answer, commands.run, presence.declare";
const roles = [
  { key: "own-role", permissions: answering, records: "own" },
  { key: "sales-role", permissions: answering, teams: "sales" },
  { key: "shop-role", permissions: answering, inboxes: "Shop" },
  { key: "shop-sales-role", permissions: answering, inboxes: "Shop", teams: "sales" },
  { key: "website-support-role", permissions: answering, inboxes: "Website", teams: "support" },
  { key: "shop-reading-role", permissions: "conversations.read, commands.run", inboxes: "Shop" },
] as const;

/** What stands in the row of a conversation, for the naive filter. */
export interface Row {
  [column: string]: unknown;
  id: string;
  tenant: string;
  inbox: string;
  team: string;
  controller: string;
  open: boolean;
  snoozed: boolean;
  muted: string | null;
  agent: string | null;
  offered: string | null;
  participants: Record<string, string>;
  contact: string;
  name: string;
  tagged: boolean;
  /** Into which it is merged now. */
  target: string | null;
}

/** A conversation with what is unmistakably its own wherever it shows. */
export interface Marked {
  id: string;
  number: string;
  page: VisitorClient;
  token: string;
  file: string;
}

type Standing = Partial<Record<"inbox" | "team" | "controller" | "agent" | "offered" | "participant", string>> & {
  closed?: boolean;
  snoozed?: boolean;
  muted?: string;
  /** Of the same person as the one before. */
  twin?: boolean;
  /** Of the other tenant. */
  foreign?: boolean;
};

export interface House {
  product: TestProduct;
  admin: Agent;
  people: ReadonlyMap<string, Agent>;
  marked: readonly Marked[];
  sql<Result extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Result[]>;
  rows(): Promise<Row[]>;
  get(name: string, path: string): Promise<{ status: number; body: string }>;
}

/** Two tenants with people of every scope and conversations of every kind. Nobody routes: what stands in a row stays there. */
export async function openReachHouse(): Promise<House> {
  const product = await openProduct({ roles: "gateway,jobs" });
  const other = await product.addTenant("elsewhere");
  const sql: House["sql"] = (text, values = []) => product.database.acrossTenants.query(text, values);
  await sql("insert into team (tenant_id, key, name) values ($1, 'support', 'Support')", [other.tenant]);
  const admin = await product.agent("admin@demo.example");
  await sql(
    "insert into inbox (tenant_id, id, public_key, name, origins, publishes_all) select tenant_id, gen_random_uuid(), 'shop-key', 'Shop', origins, true from inbox where public_key = $1",
    [product.inbox],
  );
  await sql("update inbox set name = 'Website' where public_key = $1", [product.inbox]);
  for (const role of roles) await admin.run("role.create", { name: role.key, ...role });
  const people = new Map<string, Agent>();
  for (const scope of scopes) people.set(scope.name, await person(product, scope, other.email));
  for (const { name, team } of scopes) if (team !== undefined) await admin.run("team.add", { team, email: people.get(name)?.email });
  await admin.run("tag.create", { name: "gilded" });
  const desks = new Map<string, { token: string; desk: DeskClient }>();
  for (const name of ["all", "stranger"]) {
    const author = people.get(name);
    if (author !== undefined) desks.set(name, { token: author.token, desk: await author.desk() });
  }
  const standings = allStandings([...people.keys()]);
  const marked: Marked[] = [];
  const make = async (index: number, fields: object) => {
    marked[index] = await begin(product, desks, `${index + 10}`, fields);
  };
  const fieldsOf = ({ foreign }: Standing) => (foreign === true ? { inbox: other.inbox } : {});
  const alone = [...standings.entries()].filter(([, { twin }]) => twin !== true);
  const batches = Array.from({ length: 6 }, (_, batch) => alone.filter((__, index) => index % 6 === batch));
  await Promise.all(
    batches.map(async (batch) => {
      for (const [index, standing] of batch) await make(index, fieldsOf(standing));
    }),
  );
  for (const [index, { twin }] of standings.entries())
    if (twin === true) await make(index, { token: marked[index - 1]?.token, anew: true });
  for (const [index, standing] of standings.entries()) await stand(sql, people, { ...standing, id: marked[index]?.id ?? "" });
  await merge(sql, marked);
  for (const { desk } of desks.values()) await desk.close();
  await sql("update contact set searched = false");
  const house: House = {
    product,
    admin,
    people,
    marked,
    sql,
    rows: () =>
      sql<Row>(
        `select c.id, c.tenant_id as tenant, i.name as inbox, c.team, c.controller, c.open, c.snoozed_until is not null as snoozed, c.muted, c.agent_id as agent,
           c.offered_to as offered, c.participants, c.contact_id as contact, k.name, c.tags <> '{}' as tagged,
           (select target_id from conversation_merge m where m.conversation_id = c.id and m.ended_at is null) as target
         from conversation c join inbox i on i.id = c.inbox_id join contact k on k.id = c.contact_id order by c.created_at`,
      ),
    get: async (name, path) => {
      const answer = await fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${people.get(name)?.token}` } });
      return { status: answer.status, body: await answer.text() };
    },
  };
  return house;
}

async function person(product: TestProduct, { name, roles: held, elsewhere }: Scope, stranger: string): Promise<Agent> {
  if (elsewhere === true) return await product.agent(stranger);
  const email = `${name}@scopes.example`;
  const sql = product.database.acrossTenants;
  await sql.query("insert into account (id, email, name, factor_exempt) values (gen_random_uuid(), $1, $2, true)", [
    email,
    `Colleague ${name}`,
  ]);
  await sql.query("insert into membership (tenant_id, account_id, roles) select $1, id, $3 from account where email = $2", [
    product.tenant,
    email,
    held,
  ]);
  return await product.agent(email);
}

/** Each inbox and team with each state; then what is somebody's own where they wouldn't see it otherwise. */
function allStandings(names: readonly string[]): Standing[] {
  const places = ["Website", "Shop"].flatMap((inbox) => ["support", "sales"].map((team) => ({ inbox, team })));
  const states = [{}, { controller: "queue" }, { controller: "agent", agent: "all" }, { closed: true }];
  const far = (name: string) => (name === "teamful" ? { inbox: "Shop", team: "sales" } : { inbox: "Website", team: "support" });
  const limited = names.filter((name) => !["all", "blind", "stranger"].includes(name));
  const near = { inbox: "Shop", team: "sales" };
  const merged = { inbox: "Website", team: "support", closed: true, muted: "merged" };
  return [
    ...places.flatMap((place) => states.map((state) => ({ ...place, ...state }))),
    ...limited.map((name) => ({ ...far(name), controller: "agent", agent: name })),
    ...limited.map((name) => ({ ...far(name), controller: "queue", offered: name })),
    { inbox: "Website", team: "sales", controller: "agent", agent: "all", participant: "own" },
    { inbox: "Website", team: "support", controller: "agent", agent: "own", closed: true },
    { inbox: "Shop", team: "support", controller: "agent", agent: "own", snoozed: true },
    { ...near, closed: true, muted: "spam" },
    // One person in two places; then two conversations that are merged, of one person and of two.
    near,
    { inbox: "Website", team: "support", twin: true },
    near,
    { ...merged, twin: true },
    near,
    merged,
    { foreign: true },
    { controller: "queue", foreign: true },
  ];
}

async function begin(
  product: TestProduct,
  desks: ReadonlyMap<string, { token: string; desk: DeskClient }>,
  number: string,
  fields: object,
): Promise<Marked> {
  const page = await product.openVisitor();
  const { conversation: id, token } = await page.hello(fields);
  await page.say(`a zebra, spoken${number}`);
  const { token: bearer = "", desk } = desks.get("inbox" in fields ? "stranger" : "all") ?? {};
  const file = await upload(product.url, `Bearer ${bearer}`, `bytes of ${number}`, { name: `filed${number}.txt` });
  desk?.send({ type: "note", conversation: id, clientId: number, text: `a zebra, noted${number}`, files: [file.id] });
  await desk?.until("ack", ({ clientId }) => clientId === number, 60_000);
  // Of two conversations of one person the first gives the name.
  await product.database.acrossTenants.query(
    "update contact set name = 'Person named' || $2 where id = (select contact_id from conversation where id = $1) and name not like 'Person %'",
    [id, number],
  );
  return { id, number, page, token, file: file.id };
}

/** As if it had come to stand there. Those that no agent holds have the tag. */
async function stand(sql: House["sql"], people: ReadonlyMap<string, Agent>, standing: Standing & { id: string }): Promise<void> {
  const { id, inbox, team, controller = "bot", agent, offered, participant, closed = false, snoozed = false, muted } = standing;
  const idOf = (name: string | undefined) => (name === undefined ? null : people.get(name)?.id);
  await sql(
    `update conversation c set team = coalesce($2, team), controller = $4, agent_id = $5, agent_name = $6, offered_to = $7, offered_name = $8,
       inbox_id = coalesce((select i.id from inbox i where i.name = $3 and i.tenant_id = c.tenant_id), inbox_id),
       offered_until = case when $8::text is not null then now() + interval '1 hour' end, offer_kind = case when $8::text is not null then 'assignment' end,
       participants = case when $10::text is null then '{}' else jsonb_build_object($9::text, $10::text) end, queued_at = case when $4 = 'queue' then now() end,
       open = not $11::boolean, closed_at = case when $11 then now() end, snoozed_until = case when $12::boolean then now() + interval '1 hour' end,
       muted = $13, tags = array(select t.id from tag t where t.tenant_id = c.tenant_id and $4 <> 'agent'), changes = changes + 1,
       generation = generation + 1, updated_at = now(), touched = extract(epoch from now())::int / 10
     where id = $1`,
    [
      ...[id, team ?? null, inbox ?? null, controller, idOf(agent), agent ?? null, idOf(offered), offered ?? null],
      ...[idOf(participant), participant ?? null, closed, snoozed, muted ?? null],
    ],
  );
}

/** Those that were closed as merged go on in the one that was made before them. */
async function merge(sql: House["sql"], marked: readonly Marked[]): Promise<void> {
  for (const [index, { id }] of marked.entries())
    await sql(
      `insert into conversation_merge (tenant_id, id, conversation_id, target_id, by_name, controller, followed_seq)
       select tenant_id, gen_random_uuid(), id, $2, 'Colleague all', 'bot', 0 from conversation where id = $1 and muted = 'merged'`,
      [id, marked[index - 1]?.id],
    );
}
