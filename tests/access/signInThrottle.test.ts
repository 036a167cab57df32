import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { networkOf } from "../../src/access/sessions/networkOf.ts";
import type { SignInThrottle } from "../../src/access/sessions/signInThrottle.ts";
import { type House, openHouse } from "../fixtures/openHouse.ts";

const email = "ada@example.com";
const limited = (seconds: number) => ({ code: "rate_limited", retryAfterMs: seconds * 1000 });

describe("trying passwords", () => {
  let house: House;
  let throttle: SignInThrottle;
  let other = 0;
  beforeAll(async () => {
    house = await openHouse({ limits: true });
    throttle = house.signInThrottle;
  });
  afterAll(() => house.close());
  // As if nothing had been tried before.
  afterEach(() => house.clock.advance(100 * 24 * 3_600_000));
  /** Each from an address of its own, so that only the account counts. */
  const tryAccount = (of = email) => {
    other += 1;
    return throttle.admit({ email: of, address: `198.51.${other % 250}.${other % 199}` });
  };
  const later = async (seconds: number) => house.clock.advance(seconds * 1000);

  it("is free five times in a row, then costs 30 s, 1, 2, 4, 8, 15, 30 and 60 minutes", async () => {
    for (let index = 0; index < 5; index += 1) await tryAccount();
    for (const pause of [30, 60, 120, 240, 480, 900, 1800, 3600, 3600]) {
      await expect(tryAccount()).rejects.toMatchObject(limited(pause));
      await later(pause - 1);
      await expect(tryAccount()).rejects.toMatchObject(limited(1));
      await later(1);
      await tryAccount();
    }
  });

  it("lets five of forty in that come at once", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 40 }, () => tryAccount()));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    await later(30);
    const again = await Promise.allSettled(Array.from({ length: 40 }, () => tryAccount()));
    expect(again.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("begins anew after the right one", async () => {
    for (let index = 0; index < 4; index += 1) await tryAccount();
    await (await tryAccount()).succeeded();
    for (let index = 0; index < 5; index += 1) await tryAccount();
    await expect(tryAccount()).rejects.toMatchObject(limited(30));
  });

  it("is counted for accounts that don't exist as for others, each by itself", async () => {
    for (let index = 0; index < 5; index += 1) await tryAccount("nobody@example.com");
    await expect(tryAccount("nobody@example.com")).rejects.toMatchObject(limited(30));
    await tryAccount("somebody@example.com");
  });

  it("fails 20 times in 5 minutes from one network, and what succeeds isn't counted", async () => {
    const from = (index: number) => throttle.admit({ email: `${index % 10}@example.com`, address: "203.0.113.7" });
    for (let index = 0; index < 30; index += 1) await (await from(index)).succeeded();
    for (let index = 0; index < 20; index += 1) await from(index);
    await later(1);
    await expect(from(20)).rejects.toMatchObject({ code: "rate_limited" });
    await throttle.admit({ email: "1@example.com", address: "203.0.113.8" });
    await later(300);
    await from(5);
  });

  it("fails 100 times in an hour from one network, however slowly", async () => {
    const from = (account: string) => throttle.admit({ email: `${account}@example.com`, address: "203.0.113.7" });
    for (let round = 0; round < 5; round += 1) {
      for (let index = 0; index < 20; index += 1) await from(`${round}.${index % 10}`);
      await later(601);
    }
    await expect(from("another")).rejects.toMatchObject(limited(3600 - 5 * 601));
    await later(3600 - 5 * 601);
    await from("another");
  });

  it("over many accounts shuts a network out for an hour", async () => {
    const spray = async (index: number) =>
      await (await throttle.admit({ email: `${index}@example.com`, address: "203.0.113.7" })).succeeded();
    for (let index = 0; index < 20; index += 1) await spray(index);
    await expect(spray(20)).rejects.toMatchObject(limited(3600));
    await later(3000);
    await expect(spray(21)).rejects.toMatchObject({ code: "rate_limited" });
    await later(601);
    await spray(22);
  });

  it("is slowed down for everybody at 50 a second", async () => {
    const tries = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => throttle.admit({ email: `${index}@example.com`, address: `198.18.0.${index}` })),
    );
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(50);
    await later(1);
    await tryAccount();
  });
});

describe("the network of an address", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"],
    ["2001:0DB8:0001:0002::", "2001:db8:1:2::/64"],
    ["2001:db8::1", "2001:db8:0:0::/64"],
    ["2001:db8:0:1::1", "2001:db8:0:1::/64"],
    ["::1", "0:0:0:0::/64"],
    ["fe80::1%eth0", "fe80:0:0:0::/64"],
    ["2001:db8:1:2:3:4:192.0.2.1", "2001:db8:1:2::/64"],
  ])("%s is of %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
