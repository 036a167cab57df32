import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Bus, Json, Received, ServiceDefinition } from "../../src/platform/bus/bus.ts";

/** What every bus does. `open` answers a bus that hears what the others of the same suite say, where there can be several. */
export function busContract(open: () => Promise<Bus>): void {
  let bus: Bus;
  // Of each run its own, because the server may be shared.
  let at: string;

  beforeEach(async () => {
    bus = await open();
    at = `test-${crypto.randomUUID()}`;
  });
  afterEach(async () => bus.close());

  /** Everything that `subject` hears. What was published before this was called does not come. */
  const record = (subject: string, options?: { queueGroup?: string }) => {
    const heard: Received[] = [];
    bus.subscribe(subject, (received) => heard.push(received), options);
    return heard;
  };
  /** Resolves when who came before is heard of, and has heard what was published before: a queue group's after those that everyone hears. */
  const settled = async () => {
    let heard = false;
    const stop = bus.subscribe(
      `${at}.settled`,
      () => {
        heard = true;
      },
      { queueGroup: "settled" },
    );
    await vi.waitFor(
      () => {
        if (!heard) bus.publish(`${at}.settled`, null);
        expect(heard).toBe(true);
      },
      { interval: 5 },
    );
    stop();
  };
  const serve = (handle: ServiceDefinition["handle"], over: Partial<ServiceDefinition> = {}) =>
    bus.serve({
      name: "echo",
      version: "1.0.0",
      description: "says it again",
      metadata: { summary: "Says it again" },
      subject: `${at}.echo`,
      queueGroup: "automations",
      handle,
      ...over,
    });
  const ask = (data: Json, options: { timeoutMs?: number; maxBytes?: number } = {}) =>
    bus.request(`${at}.echo`, data, { timeoutMs: 2000, ...options });

  describe("publishing", () => {
    test("a subscriber hears what is published after it came, in order, and its own process's too", async () => {
      bus.publish(`${at}.a`, { n: 0 });
      const heard = record(`${at}.a`);
      for (const n of [1, 2, 3]) bus.publish(`${at}.a`, { n, text: "…", list: [true, null] });
      await settled();
      expect(heard.map(({ data }) => data)).toEqual([1, 2, 3].map((n) => ({ n, text: "…", list: [true, null] })));
      expect(heard[0]?.subject).toBe(`${at}.a`);
    });

    test("nobody hears it inside the publisher's call", async () => {
      const heard = record(`${at}.a`);
      bus.publish(`${at}.a`, 1);
      expect(heard).toEqual([]);
      await settled();
      expect(heard).toHaveLength(1);
    });

    test("what ended hears nothing more", async () => {
      const heard: Json[] = [];
      const stop = bus.subscribe(`${at}.a`, ({ data }) => heard.push(data));
      bus.publish(`${at}.a`, 1);
      await settled();
      stop();
      stop();
      bus.publish(`${at}.a`, 2);
      await settled();
      expect(heard).toEqual([1]);
    });

    test("a subscriber that throws harms nobody", async () => {
      const before = record(`${at}.a`);
      bus.subscribe(`${at}.a`, () => {
        throw new Error("mine");
      });
      const after = record(`${at}.a`);
      bus.publish(`${at}.a`, 1);
      bus.publish(`${at}.a`, 2);
      await settled();
      expect(before).toHaveLength(2);
      expect(after).toHaveLength(2);
    });

    test("publishing to nobody, from inside a subscriber, and after the end throws nothing", async () => {
      const heard = record(`${at}.second`);
      bus.subscribe(`${at}.first`, () => bus.publish(`${at}.second`, "from inside"));
      bus.publish(`${at}.nobody`, 1);
      bus.publish(`${at}.first`, 1);
      await vi.waitFor(() => expect(heard).toHaveLength(1));
      await bus.close();
      expect(bus.healthy).toBe(false);
      bus.publish(`${at}.first`, 2);
    });
  });

  describe("subjects", () => {
    test.each([
      ["conversation.*.7", "conversation.t.7", true],
      ["conversation.*.7", "conversation.t.8", false],
      ["conversation.*.7", "conversation.7", false],
      ["conversation.*", "conversation.t.7", false],
      ["conversation.>", "conversation.t.7", true],
      ["conversation.>", "conversation.t", true],
      ["conversation.>", "conversation", false],
      ["*.t.>", "agent.t.7", true],
      ["conversation.t", "conversation.t", true],
      ["conversation.t", "conversation.tt", false],
    ])("%s and %s: %s", async (pattern, subject, expected) => {
      const heard = record(`${at}.${pattern}`);
      bus.publish(`${at}.${subject}`, 1);
      await settled();
      expect(heard.map((received) => received.subject)).toEqual(expected ? [`${at}.${subject}`] : []);
    });

    test("who listens twice hears twice", async () => {
      const exact = record(`${at}.a.b`);
      const pattern = record(`${at}.a.*`);
      bus.publish(`${at}.a.b`, 1);
      await settled();
      expect([exact.length, pattern.length]).toEqual([1, 1]);
    });
  });

  describe("queue groups", () => {
    test("one of a group hears each, everyone else all, and nobody of the group is left out", async () => {
      const group = [1, 2, 3].map(() => record(`${at}.a`, { queueGroup: "workers" }));
      const other = record(`${at}.a`, { queueGroup: "others" });
      const alone = record(`${at}.a`);
      await settled();
      for (let n = 0; n < 300; n += 1) bus.publish(`${at}.a`, n);
      await settled();
      const heard = group.flat().map(({ data }) => Number(data));
      expect(heard.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, n) => n));
      expect(group.every((member) => member.length > 30)).toBe(true);
      expect([other.length, alone.length]).toEqual([300, 300]);
    });

    test("when a member goes, the others hear all", async () => {
      const stop = bus.subscribe(`${at}.a`, () => {}, { queueGroup: "workers" });
      const left = record(`${at}.a`, { queueGroup: "workers" });
      stop();
      await settled();
      for (let n = 0; n < 20; n += 1) bus.publish(`${at}.a`, n);
      await settled();
      expect(left).toHaveLength(20);
    });
  });

  describe("requests", () => {
    test("an answer comes back to who asked", async () => {
      await serve(async (request) => ({ heard: request }));
      const answers = await Promise.all([1, 2, 3].map((n) => ask({ n })));
      expect(answers).toEqual([1, 2, 3].map((n) => ({ heard: { n } })));
    });

    test("nobody there: automation_away, at once", async () => {
      const begun = performance.now();
      await expect(ask(1, { timeoutMs: 5000 })).rejects.toMatchObject({ code: "automation_away" });
      expect(performance.now() - begun).toBeLessThan(1000);
    });

    test("too late: automation_timeout", async () => {
      await serve(() => new Promise(() => {}));
      await expect(ask(1, { timeoutMs: 50 })).rejects.toMatchObject({ code: "automation_timeout" });
    });

    test("a handler that throws: automation_failed, without its text, and the next request is answered", async () => {
      let calls = 0;
      await serve(() => {
        calls += 1;
        if (calls === 1) throw new Error("the password is 123");
        return Promise.resolve("well");
      });
      await expect(ask(1)).rejects.toMatchObject({ code: "automation_failed", message: expect.not.stringContaining("123") });
      expect(await ask(2)).toBe("well");
    });

    test("an answer over the limit: automation_failed; one at it comes", async () => {
      await serve(async (request) => "ä".repeat(Number(request)));
      expect(await ask(49, { maxBytes: 100 })).toBe("ä".repeat(49)); // two bytes each, and two quotes
      await expect(ask(50, { maxBytes: 100 })).rejects.toMatchObject({ code: "automation_failed" });
    });

    test("an answer over 1 MiB, of which nobody said anything: automation_failed", async () => {
      await serve(async () => "x".repeat(1024 * 1024));
      await expect(ask(1)).rejects.toMatchObject({ code: "automation_failed" });
    });

    test("an answer that is no JSON: automation_failed", async () => {
      const round: { self?: object } = {};
      round.self = round;
      await serve(async () => round);
      await expect(ask(1)).rejects.toMatchObject({ code: "automation_failed" });
    });
  });

  describe("services", () => {
    test("what is offered is found with its metadata, and not once it is withdrawn", async () => {
      const name = `echo-${at}`;
      const withdraw = await serve(async () => 1, { name, metadata: { summary: "Says it again", risk: "read" } });
      const found = (await bus.discover(200)).filter((service) => service.name === name);
      expect(found).toEqual([
        {
          name,
          id: expect.any(String),
          version: "1.0.0",
          metadata: expect.objectContaining({ summary: "Says it again", risk: "read" }),
          endpoints: [{ subject: `${at}.echo`, queueGroup: "automations" }],
        },
      ]);
      await withdraw();
      expect((await bus.discover(200)).filter((service) => service.name === name)).toEqual([]);
      await expect(ask(1)).rejects.toMatchObject({ code: "automation_away" });
    });

    test("two instances share the requests", async () => {
      const counts = [0, 0];
      for (const instance of [0, 1]) {
        await serve(async () => {
          counts[instance] = (counts[instance] ?? 0) + 1;
          return instance;
        });
      }
      await Promise.all(Array.from({ length: 60 }, (_, n) => ask(n)));
      expect(counts[0]).toBeGreaterThan(5);
      expect(counts[1]).toBeGreaterThan(5);
    });

    test("withdrawing waits for what runs, which is still answered", async () => {
      let finish = () => {};
      const begun = new Promise<void>((resolve) => {
        serve(() => {
          resolve();
          return new Promise((answer) => {
            finish = () => answer("done");
          });
        }).then((stop) => {
          withdraw = stop;
        });
      });
      let withdraw = async () => {};
      await vi.waitFor(async () => expect(await bus.discover(100)).not.toEqual([]));
      const answer = ask(1);
      await begun;
      const order: string[] = [];
      const withdrawn = withdraw().then(() => order.push("withdrawn"));
      answer.then(() => order.push("answered"));
      await settled();
      expect(order).toEqual([]);
      finish();
      await withdrawn;
      expect(await answer).toBe("done");
    });
  });
}
