import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { principalOfTicket } from "../../src/access/authenticate.ts";
import type { AccountPrincipal } from "../../src/access/principal.ts";
import { endSession } from "../../src/access/sessions/endSession.ts";
import { newToken } from "../../src/access/sessions/opaqueToken.ts";
import { issueSocketTicket } from "../../src/access/sessions/socketTicket.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const refused = { code: "unauthenticated" };

describe("a socket's ticket", () => {
  let house: House;
  let principal: AccountPrincipal;
  beforeAll(async () => {
    house = await openHouse();
    await house.addAccount("agent@example.com");
    principal = await house.principalOf(await house.signInAs("agent@example.com"));
  });
  afterAll(() => house.close());

  it("opens one socket", async () => {
    const { ticket, expiresAt } = await issueSocketTicket(house, principal);
    expect(Date.parse(expiresAt)).toBe(house.clock.now() + 30_000);
    expect(await principalOfTicket(house, ticket)).toEqual(principal);
    await expect(principalOfTicket(house, ticket)).rejects.toMatchObject(refused);
  });

  it("opens one socket of ten that use it at once", async () => {
    const { ticket } = await issueSocketTicket(house, principal);
    await house.warmUp();
    const uses = await Promise.allSettled(Array.from({ length: 10 }, () => principalOfTicket(house, ticket)));
    expect(uses.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("lasts 30 s", async () => {
    const [early, late] = [await issueSocketTicket(house, principal), await issueSocketTicket(house, principal)];
    house.clock.advance(29_999);
    await principalOfTicket(house, early.ticket);
    house.clock.advance(1);
    await expect(principalOfTicket(house, late.ticket)).rejects.toMatchObject(refused);
  });

  it("ends with its session", async () => {
    const { ticket } = await issueSocketTicket(house, principal);
    await endSession(house, principal.session);
    await expect(principalOfTicket(house, ticket)).rejects.toMatchObject(refused);
  });

  it("is nothing that anybody made up", async () => {
    for (const ticket of ["", newToken(), "\0", "__proto__", "x".repeat(1000)]) {
      await expect(principalOfTicket(house, ticket)).rejects.toMatchObject(refused);
    }
  });
});
