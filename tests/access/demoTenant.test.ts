import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ensureRootKey } from "../../src/access/keys/rootKey.ts";
import { demoInboxKey } from "../../src/access/tenants/demoStore.ts";
import { ensureDemoTenant } from "../../src/access/tenants/demoTenant.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

describe("the first start in development", () => {
  let house: House;
  let dataDir: string;
  beforeEach(async () => {
    house = await openHouse();
    dataDir = await mkdtemp(join(tmpdir(), "switchboard-demo-"));
  });
  afterEach(async () => {
    await house.close();
    await rm(dataDir, { recursive: true });
  });
  const ensure = (publicUrl = "http://127.0.0.1:3000") => ensureDemoTenant(house, { publicUrl, dataDir });
  const origins = async () =>
    (await house.database.acrossTenants.query<{ origins: string[] }>("select origins from inbox")).map((row) => row.origins);

  it("makes two agents and an admin who can sign in, and writes down how", async () => {
    const { created, demo } = await ensure();
    expect(created).toBe(true);
    expect(JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"))).toEqual(demo);
    expect((await stat(join(dataDir, "demo.json"))).mode & 0o777).toBe(0o600);
    expect(demo).toMatchObject({
      tenant: "demo",
      inbox: await demoInboxKey(house),
      accounts: [
        { email: "agent1@demo.example", roles: ["agent"] },
        { email: "agent2@demo.example", roles: ["agent"] },
        { email: "admin@demo.example", roles: ["admin"] },
      ],
    });
    for (const { email, password } of demo?.accounts ?? []) {
      expect(password.length).toBeGreaterThanOrEqual(15);
      expect((await house.signInAs(email, password)).answer).toMatchObject({ next: "none", memberships: [{ tenant: "demo" }] });
    }
    expect(await origins()).toEqual([["http://127.0.0.1:3000"]]);
  });

  it("happens once, also for processes that start together", async () => {
    await house.warmUp();
    const starts = await Promise.all([ensure(), ensure(), ensure()]);
    expect(starts.filter(({ created }) => created)).toHaveLength(1);
    const written = JSON.parse(await readFile(join(dataDir, "demo.json"), "utf8"));
    expect(starts.find(({ created }) => created)?.demo).toEqual(written);
    expect(await ensure()).toEqual({ created: false, demo: written, inbox: written.inbox });
    expect(await origins()).toHaveLength(1);
  });

  it("is followed by starts under other addresses, which the inbox learns", async () => {
    await ensure();
    await ensure("http://localhost:3001/");
    await ensure("http://localhost:3001");
    expect(await origins()).toEqual([["http://127.0.0.1:3000", "http://localhost:3001"]]);
    for (let port = 4000; port < 4020; port += 1) await ensure(`http://127.0.0.1:${port}`);
    expect((await origins())[0]).toHaveLength(10);
    expect((await origins())[0]?.at(-1)).toBe("http://127.0.0.1:4019");
  });

  it("makes nothing where a tenant is already", async () => {
    await house.addTenant("acme");
    expect(await ensure()).toEqual({ created: false, demo: undefined, inbox: undefined });
    expect(await demoInboxKey(house)).toBeUndefined();
  });

  it("gives a second database on the same folder the same accounts", async () => {
    const { demo } = await ensure();
    const second = await openHouse();
    try {
      expect(await ensureDemoTenant(second, { publicUrl: "http://127.0.0.1:3000", dataDir })).toMatchObject({ created: true, demo });
      for (const one of [house, second])
        for (const { email, password } of demo?.accounts ?? []) expect((await one.signInAs(email, password)).answer.next).toBe("none");
      expect(await ensure()).toMatchObject({ created: false, demo });
    } finally {
      await second.close();
    }
  });

  it("does not claim the accounts of another folder's tenant", async () => {
    const { inbox } = await ensure();
    const path = join(dataDir, "demo.json");
    await writeFile(path, (await readFile(path, "utf8")).replace(`${inbox}`, "demo-of-another"));
    expect(await ensure()).toEqual({ created: false, demo: undefined, inbox });
  });

  it("leaves nothing in the database when the file can't be written", async () => {
    await ensureRootKey(dataDir);
    await expect(
      ensureDemoTenant(house, { publicUrl: "http://127.0.0.1:3000", dataDir: join(dataDir, "secret.key") }),
    ).rejects.toMatchObject({
      code: "unavailable",
    });
    expect(await origins()).toEqual([]);
  });
});

describe("the root key of development", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "switchboard-key-"));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  it("is made once, for its owner's eyes, also by processes that start together", async () => {
    const keys = await Promise.all(Array.from({ length: 10 }, () => ensureRootKey(dataDir)));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]?.length).toBeGreaterThanOrEqual(43);
    expect((await stat(join(dataDir, "secret.key"))).mode & 0o777).toBe(0o600);
    expect(await ensureRootKey(dataDir)).toBe(keys[0]);
  });
});
