import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { verifyAudit } from "../../../src/access/audit/verifyAudit.ts";
import {
  activateSuperAdmin,
  addSuperAdmin,
  deactivateSuperAdmin,
  removeSuperAdmin,
  resetSuperAdmin,
  rotateSuperAdmin,
} from "../../../src/access/super/superAdmins.ts";
import { type House, openHouse } from "../../fixtures/openHouse.ts";

let house: House;
const one = { user: "root", most: 1 };

beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(() => house.database.acrossTenants.query("delete from super_admin"));

const add = (email: string, on = one) => addSuperAdmin(house, on, { email, name: "Root" });
const stored = async () =>
  await house.database.acrossTenants.query<{ email: string; place: number | null; hash: string }>(
    "select email, place, secret_hash as hash from super_admin order by email",
  );

describe("super admins on the server", () => {
  it.each([1, 3])("sec/auth/19 of 50 that are made at once exactly the allowed number is: %i", async (most) => {
    await house.warmUp();
    const tries = Array.from({ length: 50 }, (_, index) => add(`super${index}@example.org`, { user: "root", most }));
    const settled = await Promise.allSettled(tries);
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(most);
    const refused = settled.flatMap((result) => (result.status === "rejected" ? [result.reason.code] : []));
    expect(new Set(refused)).toEqual(new Set(["conflict"]));
    expect((await stored()).map(({ place }) => place).sort()).toEqual([1, 2, 3].slice(0, most));
  });

  it("sec/auth/19 the table itself refuses a second one in a place", async () => {
    await add("first@example.org");
    const second = house.database.acrossTenants.query(
      "insert into super_admin (id, email, name, place) values (gen_random_uuid(), 'second@example.org', 'Second', 1)",
    );
    await expect(second).rejects.toMatchObject({ code: "23505" });
  });

  it("keeps a secret of 160 bits as its hash, and one mail once", async () => {
    const { secret } = await add("Root@Example.org");
    expect(secret).toMatch(/^([A-Z2-7]{4}-){7}[A-Z2-7]{4}$/);
    const [row] = await stored();
    expect(row?.email).toBe("root@example.org");
    expect(row?.hash).toMatch(/^\$argon2id\$/);
    await expect(add("root@EXAMPLE.org", { user: "root", most: 5 })).rejects.toMatchObject({ code: "already_taken", path: "email" });
  });

  it("frees a place, takes it again, and never more than there are", async () => {
    await add("first@example.org");
    await deactivateSuperAdmin(house, one, "first@example.org");
    await add("second@example.org");
    await expect(activateSuperAdmin(house, one, "first@example.org")).rejects.toMatchObject({ code: "conflict" });
    await removeSuperAdmin(house, one, "second@example.org");
    await activateSuperAdmin(house, one, "first@example.org");
    await activateSuperAdmin(house, one, "first@example.org");
    expect((await stored()).map(({ email, place }) => [email, place])).toEqual([["first@example.org", 1]]);
    await expect(removeSuperAdmin(house, one, "nobody@example.org")).rejects.toMatchObject({ code: "not_found" });
  });

  it("rotates the secret alone, resets everything, and writes it all down", async () => {
    const { secret } = await add("first@example.org");
    const sql = house.database.acrossTenants;
    await sql.query(
      "update super_admin set secret_hash = null, secret_expires_at = null, password_hash = 'x', verified_at = now(), factor_enrolled_at = now(), factor_secret = 'x'",
    );
    const standing = async () =>
      (
        await sql.query(
          "select password_hash is null as fresh, verified_at is not null as verified, factor_enrolled_at is not null as enrolled from super_admin",
        )
      )[0];
    const rotated = await rotateSuperAdmin(house, one, "first@example.org");
    expect(rotated.secret).not.toBe(secret);
    expect(await standing()).toEqual({ fresh: true, verified: true, enrolled: true });
    await resetSuperAdmin(house, one, "first@example.org");
    expect(await standing()).toEqual({ fresh: true, verified: false, enrolled: false });
    const actions = await sql.query<{ action: string }>("select action from audit_entry order by seq desc limit 3");
    expect(actions.map(({ action }) => action)).toEqual(["super.reset", "super.rotate", "super.add"]);
    expect((await verifyAudit(house)).flaws).toEqual([]);
  });

  it.each([
    ["a mail with two @", { email: "a@b@example.org" }, "email"],
    ["a mail with a line break", { email: "a@example.org\r\nBcc: x@example.org" }, "email"],
    ["no mail", { email: "" }, "email"],
    ["no name", { name: " " }, "name"],
    ["a name of two lines", { name: "a\nb" }, "name"],
    ["a short password", { password: "short" }, "password"],
    ["a common password", { password: "passwordpassword" }, "password"],
    ["a password of the mail", { password: "somebody@example.org" }, "password"],
  ])("refuses %s", async (_, part, path) => {
    const given = { email: "somebody@example.org", name: "Somebody", ...part };
    await expect(addSuperAdmin(house, one, given)).rejects.toMatchObject({ code: "invalid_value", path });
    expect(await stored()).toEqual([]);
  });
});
