import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/platform/database/database.ts";
import { openDatabase } from "../../src/platform/database/openDatabase.ts";
import { goodPassword } from "../fixtures/openHouse.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { type StallingProxy, startStallingProxy } from "../fixtures/stallingProxy.ts";
import { createTestDatabase, type TestDatabase } from "../fixtures/testDatabase.ts";
import { type Http, openHttp } from "./openHttp.ts";

describe("while the database can't be reached", () => {
  let proxy: StallingProxy;
  let own: TestDatabase;
  let database: Database;
  let http: Http;
  beforeAll(async () => {
    own = await createTestDatabase();
    const url = new URL(own.url);
    proxy = await startStallingProxy(Number(url.port));
    url.port = `${proxy.port}`;
    database = await openDatabase({ url: url.href, log: silentLog }, { poolSize: 2, ledgerPoolSize: 1 });
    http = await openHttp({ deps: { database } });
  });
  afterAll(async () => {
    await http.close();
    await database.close();
    await proxy.close();
    await own.drop();
  });

  it("every address says so, with when to try again, and all is well afterwards", async () => {
    const attempt = () => http.api.post("/api/v1/session").send({ email: "agent@example.com", password: goodPassword });
    await attempt().expect(401);
    proxy.mode("reset");
    const answers = [await attempt(), await http.api.post("/api/v1/session/refresh").set("Cookie", "switchboard_refresh=x")];
    for (const answer of answers) {
      expect([answer.status, answer.body.error.code]).toEqual([503, "unavailable"]);
      expect(answer.headers["retry-after"]).toBe("1");
      expect(JSON.stringify(answer.body)).not.toMatch(/127\.0\.0\.1|prisma|ECONN/i);
    }
    await http.api.get("/healthz").expect(200);
    proxy.mode("pass");
    await expect.poll(async () => (await attempt()).status, { timeout: 10_000 }).toBe(401);
  });
});
