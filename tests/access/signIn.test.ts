import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPasswords } from "../../src/access/accounts/passwords.ts";
import { refreshSession } from "../../src/access/sessions/refreshSession.ts";
import { signIn } from "../../src/access/sessions/signIn.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { countStatements } from "../fixtures/countStatements.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

describe("signing in", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house.close());

  it("begins a session whose token speaks for the account with the rights of its role", async () => {
    const { account, tenant } = await house.addAccount("ada@example.com");
    const grant = await house.signInAs(" ADA@Example.com ");
    expect(grant.answer).toMatchObject({
      account: { id: account, email: "ada@example.com" },
      memberships: [{ tenant: "house", roles: ["agent"] }],
      next: "none",
      expiresAt: new Date(house.clock.now() + 15 * 60_000).toISOString(),
    });
    const principal = await house.principalOf(grant);
    expect(principal).toMatchObject({ kind: "account", account, tenant });
    expect(principal.permissions.has("conversations.answer")).toBe(true);
    expect(principal.permissions.has("people.manage")).toBe(false);
  });

  it("answers the same whatever is wrong, also for who is deactivated", async () => {
    await house.addAccount("wrong@example.com");
    const off = await deactivatedEverywhere();
    const { account: passwordless } = await house.addAccount("passwordless@example.com");
    await house.database.acrossTenants.query("update account set password_hash = null where id = $1", [passwordless]);
    const tries: [string, string | undefined][] = [
      ["wrong@example.com", "a quiet heron at dusk"],
      ["nobody@example.com", undefined],
      ...off.map((email): [string, string] => [email, "a quiet heron at dusk"]),
      ["passwordless@example.com", undefined],
      ["passwordless@example.com", ""],
    ];
    const answers = await Promise.all(tries.map(([email, password]) => house.signInAs(email, password).catch((error: Error) => error)));
    for (const [index, answer] of answers.entries()) {
      expect(answer, tries[index]?.[0]).toMatchObject({ code: "invalid_credentials", message: "The e-mail or the password is not right." });
    }
    for (const email of off)
      await expect(house.signInAs(email), email).rejects.toMatchObject({
        code: "forbidden",
        message: expect.stringContaining("is deactivated"),
      });
  });

  /** In each of the ways: the account, its place, the tenant. */
  async function deactivatedEverywhere(): Promise<string[]> {
    const sql = house.database.acrossTenants;
    const { account: inactive } = await house.addAccount("inactive@example.com");
    await sql.query("update account set active = false where id = $1", [inactive]);
    const { account: left } = await house.addAccount("left@example.com");
    await sql.query("update membership set active = false where account_id = $1", [left]);
    const closed = await house.addTenant("closed");
    await house.addAccount("closed@example.com", { tenant: closed });
    await sql.query("update tenant set active = false where id = $1", [closed]);
    return ["inactive@example.com", "left@example.com", "closed@example.com"];
  }

  it("does as much for an account that doesn't exist as for a wrong password: the same statements and one hash of the same cost", async () => {
    await house.addAccount("known@example.com");
    const done = async (email: string) => {
      const counted = countStatements(house.database);
      const costs: string[] = [];
      const passwords: typeof house.passwords = {
        ...house.passwords,
        matchesFound: async (find, hashOf, password) => {
          costs.push("one");
          return await house.passwords.matchesFound(find, hashOf, password);
        },
      };
      const attempt = { email, password: "not the password", address: "192.0.2.1", userAgent: "test" };
      await expect(signIn({ ...house, database: counted.database, passwords }, attempt)).rejects.toMatchObject({
        code: "invalid_credentials",
      });
      return { statements: counted.statements(), hashes: costs.length };
    };
    const [known, unknown] = [await done("known@example.com"), await done("unknown@example.com")];
    expect(known.hashes).toBe(1);
    expect(known.statements.length).toBeGreaterThan(2);
    expect(unknown).toEqual(known);
  });

  it("hashes anew what was hashed at another cost", async () => {
    const { account } = await house.addAccount("old@example.com");
    const cheap = await createPasswords({ memoryKiB: 512, passes: 1 }).hash("a quiet heron at dawn");
    await house.database.prisma.account.update({ where: { id: account }, data: { passwordHash: cheap } });
    await house.signInAs("old@example.com");
    const { passwordHash } = await house.database.prisma.account.findUniqueOrThrow({ where: { id: account } });
    expect(passwordHash).not.toBe(cheap);
    expect(passwordHash).toContain("$m=1024,t=1,p=1$");
    await house.signInAs("old@example.com");
  });

  it("keeps ten sessions of an account, the newest, and tells its owner that one ended", async () => {
    await house.addAccount("many@example.com");
    const first = await house.signInAs("many@example.com");
    house.clock.advance(1);
    const second = await house.signInAs("many@example.com");
    for (let index = 0; index < 8; index += 1) {
      house.clock.advance(1);
      await house.signInAs("many@example.com");
    }
    expect(await accountMails(house, "many@example.com")).toEqual([]);
    house.clock.advance(1);
    await house.signInAs("many@example.com");
    expect((await accountMails(house, "many@example.com")).map(({ subject }) => subject)).toEqual(["A session has ended"]);
    await expect(refreshSession(house, first.refreshToken)).rejects.toMatchObject({ code: "unauthenticated" });
    await refreshSession(house, second.refreshToken);
  });

  it("stores no token and no password in clear", async () => {
    await house.addAccount("dump@example.com");
    const grant = await house.signInAs("dump@example.com");
    const rows = await house.database.acrossTenants.query<{ row: string }>(
      "select row_to_json(s)::text as row from session s union all select row_to_json(r)::text from refresh_token r union all select row_to_json(a)::text from account a",
    );
    const dump = rows.map(({ row }) => row).join("\n") + Buffer.from(JSON.stringify(house.logged)).toString();
    expect(dump).toContain("dump@example.com");
    for (const secret of [
      grant.refreshToken,
      grant.answer.accessToken,
      "a quiet heron at dawn",
      Buffer.from(grant.refreshToken).toString("hex"),
    ]) {
      expect(dump).not.toContain(secret);
    }
  });
});
