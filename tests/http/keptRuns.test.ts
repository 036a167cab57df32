import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Http, openHttp } from "./openHttp.ts";
import { type TestCommands, testCommands } from "./testCommands.ts";

describe("kept runs over HTTP", () => {
  let http: Http;
  let test: TestCommands;
  let token: string;
  beforeAll(async () => {
    test = testCommands();
    http = await openHttp({ commands: test.commands });
    await http.house.addAccount("agent@example.com");
    await http.house.addAccount("other@example.com");
    await http.house.addAccount("admin@example.com", { roles: ["admin"] });
    await http.house.addAccount("guest@example.com", { roles: [] });
    token = await http.tokenOf("agent@example.com");
  });
  afterAll(() => http.close());
  beforeEach(() => {
    test.ran.splice(0);
  });
  const get = (path: string, as = token) => http.api.get(`/api/v1${path}`).auth(as, { type: "bearer" });
  const post = (path: string, body: object = {}, as = token) => http.api.post(`/api/v1${path}`).auth(as, { type: "bearer" }).send(body);
  const run = (name: string, args: object = {}, key: string | undefined = undefined, as = token) => {
    const sent = post(`/commands/${name}/runs`, { args }, as);
    return key === undefined ? sent : sent.set("Idempotency-Key", key);
  };

  it("answers 202 after 25 s, and the run goes on", async () => {
    const key = randomUUID();
    const slow = run("slow", {}, key).then((answer) => answer);
    await expect.poll(() => test.ran.length).toBe(1);
    http.house.clock.advance(25_000);
    const answer = await slow;
    expect([answer.status, answer.body.state]).toEqual([202, "running"]);
    const read = async () => (await get(`/runs/${answer.body.id}`).expect(200)).body;
    expect((await read()).state).toBe("running");
    expect((await run("slow", {}, key)).status).toBe(202);
    test.letGo();
    await expect.poll(async () => (await read()).state).toBe("succeeded");
    expect((await run("slow", {}, key).expect(200)).body.messages).toEqual([{ text: "at last" }]);
  });

  it("tells a run as uncertain whose process never came back", async () => {
    const slow = run("slow").then((answer) => answer);
    await expect.poll(() => test.ran.length).toBe(1);
    http.house.clock.advance(25_000);
    const { id } = (await slow).body;
    http.house.clock.advance(10 * 60_000);
    const fresh = await http.tokenOf("agent@example.com");
    expect((await get(`/runs/${id}`, fresh)).body.state).toBe("uncertain");
    token = fresh;
    test.letGo();
  });

  it("lists one's own runs, the newest first, page by page, without gap or repeat", async () => {
    const other = await http.tokenOf("other@example.com");
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      if (index === 3) http.house.clock.advance(1000);
      ids.unshift((await run("echo", { text: `${index}` }, undefined, other)).body.id);
    }
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await get(`/runs?limit=2${cursor}`, other).expect(200);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(seen.slice(0, 5)).toEqual(ids);
    expect(new Set(seen).size).toBe(seen.length);
    expect((await get(`/runs/${ids[0]}`)).body.error.code).toBe("not_found");
  });

  it("filters and sorts one's own runs, with what is lost as uncertain, page by page", async () => {
    await http.house.addAccount("lister@example.com");
    const own = await http.tokenOf("lister@example.com");
    const ran: [string, string][] = [];
    for (const name of ["echo", "taken", "lost-read", "echo", "away"]) {
      http.house.clock.advance(1000);
      ran.push([name, (await get(`${(await run(name, {}, undefined, own)).get("Location")?.replace("/api/v1", "")}`, own)).body.id]);
    }
    const list = async (query: object) => {
      const found: string[] = [];
      const page = async (cursor: object): Promise<{ items: { id: string }[]; nextCursor: string | null }> =>
        (
          await get("/runs", own)
            .query({ limit: 2, ...query, ...cursor })
            .expect(200)
        ).body;
      for (let body = await page({}); ; body = await page({ cursor: body.nextCursor })) {
        found.push(...body.items.map(({ id }) => id));
        if (body.nextCursor === null) break;
      }
      return found.map((id) => ran.findIndex(([, known]) => known === id));
    };
    expect(await list({})).toEqual([4, 3, 2, 1, 0]);
    expect(await list({ sort: "command,-createdAt" })).toEqual([4, 3, 0, 2, 1]);
    expect(await list({ filter: '{"state": {"in": ["failed", "refused"]}}', sort: "createdAt" })).toEqual([1, 2, 4]);
    expect(await list({ filter: JSON.stringify({ id: { ne: ran[4]?.[1] }, not: { command: { eq: "echo" } } }) })).toEqual([2, 1]);
    const at = (await get(`/runs/${ran[2]?.[1]}`, own)).body.createdAt;
    expect(await list({ filter: JSON.stringify({ createdAt: { gte: at } }) })).toEqual([4, 3, 2]);
    await http.house.database.acrossTenants.query("update run set state = 'running', ended_at = null where id = $1", [ran[0]?.[1]]);
    expect(await list({ filter: '{"state": {"eq": "running"}}' })).toEqual([0]);
    http.house.clock.advance(10 * 60_000);
    expect(await list({ filter: '{"state": {"eq": "uncertain"}}' })).toEqual([0]);
    expect(await list({ filter: '{"state": {"eq": "running"}}' })).toEqual([]);
  });

  it.each([
    ["limit=0", "limit"],
    ["limit=201", "limit"],
    ["limit=-1", "limit"],
    ["limit=1e9", "limit"],
    ["limit=abc", "limit"],
    ["limit=1.5", "limit"],
    ["limit=1&limit=2", "limit"],
    ["cursor=nonsense", "cursor"],
    [`cursor=${Buffer.from("1 x' or 1=1").toString("base64url")}`, "cursor"],
    ["sort=-state,command", undefined],
    ["sort=args", "sort"],
    ['filter={"state":{"in":["succeeded"]},"or":[{"command":{"startsWith":"E"}}]}', undefined],
    ['filter={"principal":{"eq":"x"}}', "filter.principal"],
    ['filter={"state":{"eq":"ended"}}', "filter.state.eq"],
    ["filter=state:ended", "filter"],
    ["tenant=demo", "tenant"],
    ["__proto__=1", "__proto__"],
  ])("answers a list with %s", async (query, path) => {
    const answer = await get(`/runs?${query}`);
    expect([answer.status, answer.body.error?.path]).toEqual([path === undefined ? 200 : 422, path]);
  });

  it("neither cancels nor undoes what can't be, and not at all what isn't one's own", async () => {
    const { id } = (await run("echo", { text: "x" })).body;
    for (const verb of ["cancel", "undo"]) {
      expect((await post(`/runs/${id}/${verb}`).expect(409)).body.error.code).toBe("conflict");
      await post(`/runs/${id}/${verb}`, {}, await http.tokenOf("other@example.com")).expect(404);
      await post(`/runs/${randomUUID()}/${verb}`).expect(404);
      await post(`/runs/nonsense/${verb}`).expect(404);
    }
  });
});
