import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changePassword } from "../../src/access/accounts/changePassword.ts";
import { createKey, principalOfKey } from "../../src/access/apiKeys/apiKeys.ts";
import { principalOfTicket } from "../../src/access/authenticate.ts";
import { refreshSession } from "../../src/access/sessions/refreshSession.ts";
import { issueSocketTicket } from "../../src/access/sessions/socketTicket.ts";
import { goodPassword, type House, openHouse } from "../fixtures/openHouse.ts";

const next = "seven owls over water";

describe("changing one's password", () => {
  let house: House;
  beforeEach(async () => {
    house = await openHouse({ limits: true });
    await house.addAccount("agent@example.com");
  });
  afterEach(() => house.close());

  it("sec/auth/27 puts everybody else out who signed in with the old one", async () => {
    const stolen = await house.signInAs("agent@example.com");
    const { ticket } = await issueSocketTicket(house, await house.principalOf(stolen));
    const own = await house.signInAs("agent@example.com");
    const { key } = await createKey(house, await house.principalOf(stolen), { name: "Reports", scopes: ["commands.run"], days: 1 });
    await principalOfKey(house, key);
    expect(await changePassword(house, await house.principalOf(own), { current: goodPassword, next })).toBe(1);
    await expect(refreshSession(house, stolen.refreshToken)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(principalOfTicket(house, ticket)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(principalOfKey(house, key)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect
      .poll(() =>
        house.principalOf(stolen).then(
          () => "in",
          () => "out",
        ),
      )
      .toBe("out");
    await house.principalOf(own);
    await refreshSession(house, own.refreshToken);
    await expect(house.signInAs("agent@example.com")).rejects.toMatchObject({ code: "invalid_credentials" });
    await house.signInAs("agent@example.com", next);
  });

  it.each([
    [{ current: "not my password at all", next }, "args.current"],
    [{ current: goodPassword, next: "short" }, "args.new"],
    [{ current: goodPassword, next: goodPassword }, "args.new"],
    [{ current: goodPassword, next: "agent@example.com" }, "args.new"],
    [{ current: goodPassword, next: "house-house-house-2026" }, "args.new"],
  ])("is refused: %j", async (change, path) => {
    const principal = await house.principalOf(await house.signInAs("agent@example.com"));
    await expect(changePassword(house, principal, change)).rejects.toMatchObject({ code: "invalid_value", path });
    await house.signInAs("agent@example.com");
  });

  it("is no way around the limit on tries", async () => {
    const principal = await house.principalOf(await house.signInAs("agent@example.com"));
    const tries = Array.from({ length: 8 }, () =>
      changePassword(house, principal, { current: "not my password at all", next }).catch((error: { code: string }) => error.code),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === "invalid_value")).toHaveLength(5);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(3);
  });

  it("happens once when two change it at once", async () => {
    const principal = await house.principalOf(await house.signInAs("agent@example.com"));
    const changes = await Promise.allSettled([
      changePassword(house, principal, { current: goodPassword, next }),
      changePassword(house, principal, { current: goodPassword, next: "nine cranes on a roof" }),
    ]);
    expect(changes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
