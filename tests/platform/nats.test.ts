import { connect, type NatsConnection } from "nats";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bus } from "../../src/platform/bus/bus.ts";
import { connectNats } from "../../src/platform/bus/nats.ts";
import { describeWithServer } from "../fixtures/services.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import { type StallingProxy, startStallingProxy } from "../fixtures/stallingProxy.ts";

describe("a start without NATS", () => {
  test.each([
    ["nothing listens", "nats://127.0.0.1:9", /^NATS can't be reached at 127\.0\.0\.1:9 \(.*\); start it there, or correct NATS_URL\.$/],
    ["no such host", "nats://nowhere.invalid:4222", /^NATS can't be reached at nowhere\.invalid:4222 .*correct NATS_URL\.$/],
  ])("%s: one sentence", async (_, url, sentence) => {
    const refusal = await connectNats({ url, log: silentLog }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "unavailable", message: expect.stringMatching(sentence) });
  });

  test("something that doesn't answer", async () => {
    const proxy = await startStallingProxy(9);
    proxy.mode("stall");
    await expect(connectNats({ url: `nats://127.0.0.1:${proxy.port}`, log: silentLog })).rejects.toMatchObject({ code: "unavailable" });
    await proxy.close();
  });
});

await describeWithServer("NATS that fails", "NATS_URL", (url) => {
  const server = new URL(url);
  let proxy: StallingProxy;
  let bus: Bus;
  let other: NatsConnection;
  let at: string;

  beforeEach(async () => {
    at = `test-${crypto.randomUUID()}`;
    proxy = await startStallingProxy(Number(server.port));
    bus = await connectNats({ url: `nats://127.0.0.1:${proxy.port}`, log: silentLog }, { pingPeriodMs: 200 });
    other = await connect({ servers: server.host });
  });
  afterEach(async () => {
    proxy.mode("pass");
    await bus.close();
    await other.close();
    await proxy.close();
  });

  test("a break is told as one gap, meanwhile a process hears itself, and it works again afterwards", async () => {
    let gaps = 0;
    const heard: unknown[] = [];
    bus.onGap(() => {
      gaps += 1;
    });
    bus.subscribe(at, ({ data }) => heard.push(data));
    expect(bus.healthy).toBe(true);
    proxy.mode("reset");
    await vi.waitFor(() => expect(bus.healthy).toBe(false));
    expect(gaps).toBe(1);
    bus.publish(at, "its own");
    await expect(bus.request(at, 1, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
    expect(await bus.discover(60_000)).toEqual([]);
    proxy.mode("pass");
    await vi.waitFor(() => expect(bus.healthy).toBe(true), 5000);
    expect(gaps).toBe(2);
    bus.publish(at, "after");
    await vi.waitFor(() => expect(heard).toEqual(["its own", "after"]));
    other.publish(at, '"of another"');
    await vi.waitFor(() => expect(heard).toEqual(["its own", "after", "of another"]), 5000);
  });

  test("a stall is noticed, and over when the server answers again", async () => {
    const gap = new Promise<void>((resolve) => {
      bus.onGap(resolve);
    });
    proxy.mode("stall");
    await vi.waitFor(() => expect(bus.healthy).toBe(false), 2000);
    await gap;
    proxy.mode("pass");
    await vi.waitFor(() => expect(bus.healthy).toBe(true), 8000);
  });

  test("a request whose answer a break may have lost is refused at the break, not at its time-out", async () => {
    other.subscribe(at, { callback: () => proxy.mode("reset") });
    await other.flush();
    const begun = performance.now();
    await expect(bus.request(at, 1, { timeoutMs: 60_000 })).rejects.toMatchObject({ code: "unavailable" });
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test("answers and messages of others that are no JSON or no UTF-8 are refused or dropped", async () => {
    const heard: unknown[] = [];
    bus.subscribe(`${at}.said`, ({ data }) => heard.push(data));
    const wrong = [new Uint8Array([0x22, 0xff, 0x22]), new TextEncoder().encode("{"), new Uint8Array()];
    let next = 0;
    other.subscribe(`${at}.asked`, { callback: (_, message) => message.respond(wrong[next++]) });
    await other.flush();
    for (const bytes of wrong) {
      await expect(bus.request(`${at}.asked`, 1, { timeoutMs: 2000 })).rejects.toMatchObject({ code: "automation_failed" });
      other.publish(`${at}.said`, bytes);
    }
    other.publish(`${at}.said`, "true");
    await vi.waitFor(() => expect(heard).toEqual([true]));
  });

  test("a service that somebody else wrote is found, one that tells nonsense about itself is passed over", async () => {
    const service = await other.services.add({ name: `foreign-${at}`, version: "0.1.0", metadata: { summary: "Foreign" } });
    service.addEndpoint("anything", { subject: `${at}.foreign`, queue: "automations", handler: (_, message) => message.respond("[1]") });
    other.subscribe("$SRV.INFO", { callback: (_, message) => message.respond(`{"name": 7}`) });
    await other.flush();
    const found = (await bus.discover(200)).filter(({ name }) => name === `foreign-${at}`);
    expect(found).toMatchObject([
      { metadata: { summary: "Foreign" }, endpoints: [{ subject: `${at}.foreign`, queueGroup: "automations" }] },
    ]);
    expect(await bus.request(`${at}.foreign`, {}, { timeoutMs: 2000 })).toEqual([1]);
  });
});
