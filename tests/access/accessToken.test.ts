import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deriveKeys } from "../../src/access/keys/keys.ts";
import { issueAccessToken, readAccessToken } from "../../src/access/sessions/accessToken.ts";
import { forgedTokens } from "../fixtures/forgedTokens.ts";
import { createMovableClock } from "../fixtures/movableClock.ts";

const clock = createMovableClock();
const keys = deriveKeys("a root key for tests, 32 characters");
const claims = { account: randomUUID(), tenant: randomUUID(), session: randomUUID(), epoch: 1 };
const { token } = issueAccessToken({ keys, clock }, claims);
const zoo = forgedTokens({ keys, nowMs: clock.now() }, claims);

describe("sec/auth/30 an access token", () => {
  it("is read as it was issued", () => {
    expect(readAccessToken({ keys, clock }, token)).toEqual(claims);
  });

  it.each(Object.entries(zoo))("is nothing when forged: %s", (_name, forged) => {
    expect(readAccessToken({ keys, clock }, forged)).toBeUndefined();
  });

  it("lasts 15 minutes, and a clock that is set back doesn't revive it", () => {
    const own = createMovableClock();
    const issued = issueAccessToken({ keys, clock: own }, claims);
    own.advance(15 * 60_000 - 1000);
    expect(readAccessToken({ keys, clock: own }, issued.token)).toEqual(claims);
    own.advance(1000);
    expect(readAccessToken({ keys, clock: own }, issued.token)).toBeUndefined();
    const yesterday = createMovableClock(Date.UTC(2026, 10, 20));
    expect(readAccessToken({ keys, clock: yesterday }, issued.token)).toBeUndefined();
  });
});
