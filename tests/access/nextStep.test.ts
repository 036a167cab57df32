import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nextStep, type Standing } from "../../src/access/sessions/nextStep.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const done: Standing = { passwordDue: false, emailVerified: true, secondFactorDue: false, enrolmentDue: false };

describe("what comes next", () => {
  it("is asked for in one order, whatever else is missing", () => {
    const standing = fc.record({
      passwordDue: fc.boolean(),
      emailVerified: fc.boolean(),
      secondFactorDue: fc.boolean(),
      enrolmentDue: fc.boolean(),
    });
    fc.assert(
      fc.property(standing, (given) => {
        const missing = [
          given.passwordDue && "setPassword",
          !given.emailVerified && "verifyEmail",
          given.secondFactorDue && "secondFactor",
          given.enrolmentDue && "enrolSecondFactor",
          "none",
        ];
        expect(nextStep(given)).toBe(missing.find((step) => step !== false));
      }),
    );
    expect(nextStep(done)).toBe("none");
  });
});

describe("a session", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    await house.addAccount("agent@example.com");
    await house.addAccount("admin@example.com", { roles: ["admin"] });
  });
  afterAll(() => house.close());

  it.each([
    ["agent@example.com", 60],
    ["admin@example.com", 30],
  ])("of %s ends after %i minutes in which nothing was done", async (email, minutes) => {
    const grant = await house.signInAs(email);
    const { session } = await house.principalOf(grant);
    house.clock.advance((minutes - 16) * 60_000);
    house.liveSessions.active(session);
    const activeAt = async () => {
      const sql = house.database.acrossTenants;
      const [row] = await sql.query<{ at: Date }>("select active_at as at from session where id = $1", [session]);
      return row?.at.getTime();
    };
    await expect.poll(activeAt).toBe(house.clock.now());
    house.clock.advance(minutes * 60_000 - 1);
    await expect(house.liveSessions.find(session)).resolves.toBeDefined();
    house.clock.advance(5001);
    await expect(house.liveSessions.find(session)).resolves.toBeUndefined();
  });
});
