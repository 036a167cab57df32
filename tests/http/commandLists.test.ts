import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Http, openHttp } from "./openHttp.ts";
import { testCommands } from "./testCommands.ts";

describe("the list of commands", () => {
  let http: Http;
  let token: string;
  beforeAll(async () => {
    http = await openHttp({ commands: testCommands().commands });
    await http.house.addAccount("agent@example.com");
    await http.house.addAccount("admin@example.com", { roles: ["admin"] });
    await http.house.addAccount("guest@example.com", { roles: [] });
    token = await http.tokenOf("agent@example.com");
  });
  afterAll(() => http.close());
  const get = (path: string, as = token) => http.api.get(`/api/v1${path}`).auth(as, { type: "bearer" });

  it("lists those that the caller may run, by name, with the arguments in their order", async () => {
    const names = async (email: string) => {
      const answer = await get("/commands", await http.tokenOf(email)).expect(200);
      return answer.body.items.map(({ name }: { name: string }) => name);
    };
    expect(await names("agent@example.com")).toEqual([
      "approval.list",
      "away",
      "broken",
      "busy",
      "echo",
      "lost",
      "lost-read",
      "me.password",
      "me.undo-send",
      "odd",
      "run.approve",
      "run.break-glass",
      "run.cancel",
      "run.list",
      "run.reject",
      "run.settle",
      "run.show",
      "run.undo",
      "slow",
      "taken",
      "wipe",
    ]);
    expect(await names("admin@example.com")).toContain("for-admins");
    expect(await names("guest@example.com")).toEqual([]);
    const { items } = (await get("/commands")).body;
    expect(items.find(({ name }: { name: string }) => name === "me.password")).toEqual({
      name: "me.password",
      permission: "commands.run",
      stepUp: true,
      summary: expect.any(String),
      risk: "write",
      source: "built-in",
      audience: "staff",
      args: expect.objectContaining({ type: "object", required: ["current", "new"] }),
    });
  });

  it("lists them page by page", async () => {
    const seen: string[] = [];
    const page = async (cursor: string) => (await get(`/commands?limit=3${cursor}`).expect(200)).body;
    for (let body = await page(""); ; body = await page(`&cursor=${body.nextCursor}`)) {
      expect(body.items.length).toBeLessThanOrEqual(3);
      seen.push(...body.items.map(({ name }: { name: string }) => name));
      if (body.nextCursor === null) break;
    }
    expect(seen).toEqual((await get("/commands")).body.items.map(({ name }: { name: string }) => name));
    await get("/commands?limit=201").expect(422);
  });

  it("sorts and filters them", async () => {
    const names = async (query: object) => {
      const { items } = (await get("/commands").query(query).expect(200)).body;
      return items.map(({ name }: { name: string }) => name);
    };
    expect(await names({ sort: "risk,-name", limit: 4 })).toEqual(["wipe", "run.show", "run.list", "lost-read"]);
    expect(await names({ filter: '{"name": {"startsWith": "LO"}, "not": {"risk": {"eq": "read"}}}' })).toEqual(["lost"]);
    for (const query of [{ filter: '{"permission": {"eq": "x"}}' }, { sort: "run" }, { cursor: "nonsense" }])
      expect((await get("/commands").query(query).expect(422)).body.error.path).toMatch(/^(filter\.permission|sort|cursor)$/);
  });
});
