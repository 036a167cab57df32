import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { announceAccessChange } from "../../src/access/accessChanges.ts";
import { principalNow } from "../../src/access/authenticate.ts";
import type { AccountPrincipal } from "../../src/access/principal.ts";
import { endSession } from "../../src/access/sessions/endSession.ts";
import type { SessionGrant } from "../../src/access/sessions/grant.ts";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const refused = { code: "unauthenticated" };

/** Each takes the right away in another place; `$1` is the account. */
const withdrawals: [string, string][] = [
  ["the account is deactivated", "update account set active = false where id = $1"],
  ["the membership is deactivated", "update membership set active = false where account_id = $1"],
  ["the membership is taken away", "delete from membership where account_id = $1"],
  [
    "the tenant is deactivated",
    "update tenant set active = false where id = (select tenant_id from session where account_id = $1 limit 1)",
  ],
  ["the session is revoked", "update session set revoked_at = now() where account_id = $1"],
];

describe("sec/auth/24 a right that is withdrawn", () => {
  let house: House;
  let grant: SessionGrant;
  let principal: AccountPrincipal;
  let account: string;
  beforeEach(async () => {
    // A bus that is silent loses what is announced: only the database is left.
    house = await openHouse();
    ({ account } = await house.addAccount("agent@example.com"));
    grant = await house.signInAs("agent@example.com");
    principal = await house.principalOf(grant);
  });
  afterEach(() => house.close());

  it.each(withdrawals)("is told by the bus to the next request and to open sockets at once: %s", async (_name, statement) => {
    const seen: (AccountPrincipal | undefined)[] = [];
    house.liveSessions.watch(principal, (now) => seen.push(now));
    await house.database.acrossTenants.query(statement, [account]);
    announceAccessChange(house, [principal.tenant]);
    await expect.poll(() => seen).toEqual([undefined]);
    await expect(house.principalOf(grant)).rejects.toMatchObject(refused);
    await expect(principalNow(house, principal)).rejects.toMatchObject(refused);
  });

  it.each(withdrawals)("is seen without the bus within 1 s by open sockets, and within 5 s by requests: %s", async (_name, statement) => {
    const seen: (AccountPrincipal | undefined)[] = [];
    const stop = house.liveSessions.watch(principal, (now) => seen.push(now));
    await house.database.acrossTenants.query(statement, [account]);
    house.clock.advance(1000);
    await expect.poll(() => seen).toEqual([undefined]);
    await expect(house.principalOf(grant)).rejects.toMatchObject(refused);
    stop();
    const { account: other } = await house.addAccount("other@example.com", { tenant: principal.tenant });
    const theirs = await house.signInAs("other@example.com").catch(() => undefined);
    if (theirs === undefined) return; // Their tenant is closed.
    await house.principalOf(theirs);
    await house.database.acrossTenants.query(statement, [other]);
    house.clock.advance(5000);
    await expect(house.principalOf(theirs)).rejects.toMatchObject(refused);
  });

  it("is a role as well: the sockets get what is left, and requests too", async () => {
    const seen: (AccountPrincipal | undefined)[] = [];
    house.liveSessions.watch(principal, (now) => seen.push(now));
    await house.database.acrossTenants.query("update membership set roles = '{}' where account_id = $1", [account]);
    announceAccessChange(house, [principal.tenant]);
    await expect.poll(() => seen.length).toBe(1);
    expect(seen[0]?.permissions.size).toBe(0);
    expect((await house.principalOf(grant)).permissions.size).toBe(0);
  });

  it("is nobody else's: other sessions go on, and are told nothing", async () => {
    await house.addAccount("other@example.com");
    const other = await house.principalOf(await house.signInAs("other@example.com"));
    const seen: string[] = [];
    house.liveSessions.watch(other, () => seen.push("other"));
    house.liveSessions.watch(principal, () => seen.push("own"));
    await endSession(house, principal.session);
    await expect.poll(() => seen).toEqual(["own"]);
    expect(await principalNow(house, other)).toEqual(other);
  });

  it("is not told to a socket that has closed", async () => {
    const seen: string[] = [];
    const stop = house.liveSessions.watch(principal, () => seen.push("closed"));
    house.liveSessions.watch(principal, () => seen.push("open"));
    stop();
    await endSession(house, principal.session);
    await expect.poll(() => seen).toEqual(["open"]);
  });

  it("is every access token's when the epoch rises", async () => {
    await house.database.acrossTenants.query("update account set epoch = epoch + 1 where id = $1", [account]);
    announceAccessChange(house, [principal.tenant]);
    await expect
      .poll(() =>
        house.principalOf(grant).then(
          () => "in",
          () => "out",
        ),
      )
      .toBe("out");
  });

  it("is not forgotten by whoever was reading while it was withdrawn", async () => {
    house.clock.advance(5000);
    const reading = house.principalOf(grant);
    await endSession(house, principal.session);
    await reading.catch(() => {});
    await expect
      .poll(() =>
        house.principalOf(grant).then(
          () => "in",
          () => "out",
        ),
      )
      .toBe("out");
  });
});

describe("while the bus reports that something was missed", () => {
  it("the sockets are checked again", async () => {
    const bus = createInProcessBus();
    const gaps: (() => void)[] = [];
    const house = await openHouse({
      bus: {
        ...bus,
        publish: () => {},
        onGap: (heard) => {
          gaps.push(heard);
          return () => {};
        },
      },
    });
    await house.addAccount("agent@example.com");
    const principal = await house.principalOf(await house.signInAs("agent@example.com"));
    const seen: unknown[] = [];
    house.liveSessions.watch(principal, (now) => seen.push(now));
    await endSession(house, principal.session);
    expect(seen).toEqual([]);
    for (const heard of gaps) heard();
    await expect.poll(() => seen).toEqual([undefined]);
    await house.close();
  });
});
