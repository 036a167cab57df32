import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forgetExpiredAccess } from "../../src/access/accessJobs.ts";
import { principalOfTicket } from "../../src/access/authenticate.ts";
import { endSession, sessionOfRefreshToken } from "../../src/access/sessions/endSession.ts";
import { newToken } from "../../src/access/sessions/opaqueToken.ts";
import { refreshSession } from "../../src/access/sessions/refreshSession.ts";
import { saveActive } from "../../src/access/sessions/sessionStore.ts";
import { issueSocketTicket } from "../../src/access/sessions/socketTicket.ts";
import { accountMails } from "../fixtures/accountMail.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const hourMs = 3_600_000;
const ended = { code: "unauthenticated" };

describe("going on with a session", () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
    await house.addAccount("agent@example.com");
    await house.addAccount("admin@example.com", { roles: ["admin"] });
  });
  afterAll(() => house.close());

  it("gives a new token each time, and the session's line goes on", async () => {
    const first = await house.signInAs("agent@example.com");
    house.clock.advance(15 * 60_000);
    const second = await refreshSession(house, first.refreshToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.refreshEndsAt).toEqual(first.refreshEndsAt);
    expect(second.answer.memberships).toEqual([{ tenant: "house", roles: ["agent"] }]);
    expect((await house.principalOf(second)).session).toBe((await house.principalOf(second)).session);
    house.clock.advance(15 * 60_000);
    expect((await refreshSession(house, second.refreshToken)).refreshToken).not.toBe(second.refreshToken);
  });

  it("gives the same successor to twenty uses at once", async () => {
    const first = await house.signInAs("agent@example.com");
    await house.warmUp();
    const grants = await Promise.all(Array.from({ length: 20 }, () => refreshSession(house, first.refreshToken)));
    expect(new Set(grants.map((grant) => grant.refreshToken)).size).toBe(1);
    house.clock.advance(9999);
    expect((await refreshSession(house, first.refreshToken)).refreshToken).toBe(grants[0]?.refreshToken);
  });

  it("leads a token that is late by less than 10 s to the newest of its line", async () => {
    const first = await house.signInAs("agent@example.com");
    const second = await refreshSession(house, first.refreshToken);
    house.clock.advance(1000);
    const third = await refreshSession(house, second.refreshToken);
    house.clock.advance(1000);
    expect((await refreshSession(house, first.refreshToken)).refreshToken).toBe(third.refreshToken);
    house.clock.advance(60_000);
    await refreshSession(house, third.refreshToken);
  });

  it("ends the session when a token comes again after 10 s, and says so in the log, in the audit and to its owner by mail", async () => {
    const first = await house.signInAs("agent@example.com");
    const second = await refreshSession(house, first.refreshToken);
    const { ticket } = await issueSocketTicket(house, await house.principalOf(second));
    house.clock.advance(10_001);
    await expect(refreshSession(house, first.refreshToken)).rejects.toMatchObject(ended);
    await expect(refreshSession(house, second.refreshToken)).rejects.toMatchObject(ended);
    await expect(principalOfTicket(house, ticket)).rejects.toMatchObject(ended);
    await expect
      .poll(() =>
        house.principalOf(second).then(
          () => "in",
          (error: { code: string }) => error.code,
        ),
      )
      .toBe("unauthenticated");
    expect(house.logged.some(({ level, fields }) => level === "warn" && "audit" in fields && fields.audit === "refresh_token_reused")).toBe(
      true,
    );
    expect((await accountMails(house, "agent@example.com")).at(-1)?.subject).toBe("A session was ended");
    expect(await house.database.acrossTenants.query("select object_kind as kind from audit_entry where action = 'session.theft'")).toEqual([
      { kind: "account" },
    ]);
  });

  it("ends the session when a token comes again from another browser, however soon", async () => {
    const asked = (userAgent: string) => ({ address: "192.0.2.1", requestId: "x", userAgent });
    for (const late of [true, false]) {
      const first = await house.signInAs("agent@example.com");
      const second = await refreshSession(house, first.refreshToken, asked("Firefox"));
      await refreshSession(house, first.refreshToken, asked("Firefox"));
      // A copy of the newest is used first: whoever comes second tells of it, thief or owner.
      if (late) await refreshSession(house, second.refreshToken, asked("curl"));
      await expect(refreshSession(house, first.refreshToken, asked(late ? "Firefox" : "curl"))).rejects.toMatchObject(ended);
      await expect(refreshSession(house, second.refreshToken, asked("Firefox"))).rejects.toMatchObject(ended);
    }
  });

  it.each([
    ["agent@example.com", 36],
    ["admin@example.com", 24],
  ])("ends the session of %s after %i hours, however often it is refreshed", async (email, hours) => {
    let grant = await house.signInAs(email);
    const { session } = await house.principalOf(grant);
    for (let quarter = 1; quarter < hours * 4; quarter += 1) {
      house.clock.advance(hourMs / 4);
      await saveActive(house.database.acrossTenants, session, new Date(house.clock.now()));
      grant = await refreshSession(house, grant.refreshToken);
    }
    expect(grant.refreshEndsAt.getTime()).toBe(house.clock.now() + hourMs / 4);
    house.clock.advance(hourMs / 4);
    await expect(refreshSession(house, grant.refreshToken)).rejects.toMatchObject(ended);
  });

  it("refuses what is no token of ours", async () => {
    for (const token of ["", "x", newToken(), "'; drop table session; --", "\0", "x".repeat(4000)]) {
      await expect(refreshSession(house, token)).rejects.toMatchObject(ended);
      expect(await sessionOfRefreshToken(house, token)).toBeUndefined();
    }
  });

  it("refuses after the session was ended, or its account was deactivated", async () => {
    const first = await house.signInAs("agent@example.com");
    const session = await sessionOfRefreshToken(house, first.refreshToken);
    await endSession(house, session ?? "");
    await endSession(house, session ?? "");
    await expect(refreshSession(house, first.refreshToken)).rejects.toMatchObject(ended);

    const { account } = await house.addAccount("gone@example.com");
    const grant = await house.signInAs("gone@example.com");
    await house.database.prisma.account.update({ where: { id: account }, data: { active: false } });
    await expect(refreshSession(house, grant.refreshToken)).rejects.toMatchObject(ended);
  });

  it("forgets what ended 30 days ago, and nothing that can still be used", async () => {
    const [old, fresh] = [await house.signInAs("agent@example.com"), await house.signInAs("agent@example.com")];
    const session = await sessionOfRefreshToken(house, old.refreshToken);
    await house.database.acrossTenants.query("update session set ends_at = now() - interval '31 days' where id = $1", [session]);
    await forgetExpiredAccess(house);
    expect(await sessionOfRefreshToken(house, old.refreshToken)).toBeUndefined();
    await refreshSession(house, fresh.refreshToken);
  });
});
