import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { connect, type NatsConnection } from "nats";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { automations } from "../../automations/index.ts";
import { hostAutomations } from "../../src/commands/automations/hostAutomations.ts";
import type { Bus } from "../../src/platform/bus/bus.ts";
import { connectNats } from "../../src/platform/bus/nats.ts";
import { describeWithOwnNats, type PrivateNats, startNats } from "../fixtures/privateNats.ts";
import { openProduct, type TestProduct } from "../fixtures/product.ts";
import { silentLog } from "../fixtures/silentLog.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

/** The product looks every 2 s, and whenever a name is unknown. */
const foundWithinMs = 4000;
const goneWithinMs = 8000;

describeWithOwnNats("automations over NATS", () => {
  let nats: PrivateNats;
  let product: TestProduct;
  let page: VisitorClient;
  const children: ChildProcess[] = [];
  const strangers: ChildProcess[] = [];

  beforeAll(async () => {
    nats = await startNats();
    // A gateway and a router; automations are somewhere else.
    product = await openProduct({ bus: await connectNats({ url: nats.url, log: silentLog }), roles: "gateway,router" });
    ({ page } = await product.visit());
  });
  afterAll(async () => {
    await product.stop();
    await nats.stop();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
  });

  async function startForeign(...services: string[]): Promise<{ child: ChildProcess; requests: unknown[] }> {
    const child = fork(join(import.meta.dirname, "../fixtures/foreignAutomation.mjs"), [nats.url, ...services], { stdio: "inherit" });
    children.push(child);
    const requests: unknown[] = [];
    await once(child, "message");
    child.on("message", (request) => requests.push(request));
    return { child, requests };
  }

  async function ask(line: string): Promise<string> {
    return (await page.answerTo(await page.say(line))).text;
  }

  async function untilFound(name: string): Promise<void> {
    const found = () =>
      product.logged.some(({ message, fields }) => message === "automation found" && "automation" in fields && fields.automation === name);
    await vi.waitUntil(found, { timeout: foundWithinMs });
  }

  it("one that somebody else wrote is found while the product runs, called, missed, and found again", async () => {
    expect(await ask("weather Berlin")).toContain("I have no answer to that yet");
    const { child, requests } = await startForeign("weather=answer");
    await expect.poll(() => ask("weather Berlin days:3"), { timeout: foundWithinMs, interval: 300 }).toBe("It rains in Berlin for 3 days");
    expect(await ask("weather days:2 New York")).toBe("It rains in New York for 2 days");
    expect(requests.at(-1)).toEqual({
      run: expect.stringMatching(/^[0-9a-f-]{36}:(\d+|v:[0-9a-f-]{36})$/),
      tenant: product.tenant,
      principal: { kind: "visitor", id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      args: { city: "New York", days: 2 },
      mode: "run",
      conversation: page.of("welcome")[0]?.conversation,
    });
    expect(await ask("help")).toContain("weather {city} [days]: Tells the weather.");
    expect(await ask("wether Berlin")).toContain('Did you mean "weather"?');
    expect(await ask("weather days:9 Berlin")).toContain('"days" must be 7 or less.');

    child.kill("SIGKILL");
    await once(child, "exit");
    // Until NATS has seen that its socket is closed, a question still goes there.
    let gone: Awaited<ReturnType<typeof page.answerTo>> | undefined;
    const askAgain = async () => {
      gone = await page.answerTo(await page.say("weather Berlin"));
      return gone.text;
    };
    await expect
      .poll(askAgain, { timeout: goneWithinMs, interval: 300 })
      .toBe('"weather" is not running at the moment. Try it again in a while, or ask for a person.');
    expect(gone?.blocks).toEqual([{ type: "buttons", buttons: [{ action: "person", label: "Ask for a person" }] }]);
    await expect.poll(() => ask("help"), { timeout: goneWithinMs, interval: 500 }).not.toContain("weather");
    expect(await ask("weather Berlin")).toContain("is not running at the moment");

    await startForeign("weather=answer");
    await expect.poll(() => ask("weather Berlin"), { timeout: foundWithinMs, interval: 300 }).toBe("It rains in Berlin for 1 days");
  }, 40_000);

  it("those of this repository come and go with their process, and nobody waits for the others", async () => {
    expect(await ask("reverse a b")).toContain("I have no answer to that yet");
    const bus = await connectNats({ url: nats.url, log: silentLog });
    const end = await hostAutomations(bus, automations);
    await expect.poll(() => ask("reverse a b"), { timeout: foundWithinMs, interval: 300 }).toBe("b a");
    expect(await ask("mat a b")).toBe("mat mat");
    await end();
    expect(await ask("reverse a b")).toContain("is not running at the moment");
    expect(await ask("help")).toContain("You can write:");
    const again = await hostAutomations(bus, automations);
    await expect.poll(() => ask("reverse a b"), { timeout: foundWithinMs, interval: 300 }).toBe("b a");
    await again();
    await bus.close();
  }, 30_000);

  describe("that answer strangely", () => {
    beforeAll(async () => {
      const hows = ["nothing", "nulls", "error", "text", "list", "refuses", "blocks", "long", "staff"];
      await startForeign(...hows.map((how) => `w-${how}=${how}`));
      strangers.push(...children.splice(0));
      for (const how of hows) await untilFound(`w-${how}`);
    });
    afterAll(() => {
      for (const child of strangers.splice(0)) child.kill("SIGKILL");
    });

    it.each([
      ["nothing", "Done."],
      ["nulls", "Done."],
      ["error", "There is no such city."],
      ["text", "The automation could not answer."],
      ["list", '"w-list" answered something that is not an answer.'],
      ["refuses", "The automation could not answer."],
    ])("with %s are told in words, never as silence or a stack", async (how, said) => {
      expect(await ask(`w-${how} Berlin`)).toBe(said);
    });

    it("with blocks: the known are shown, others are passed over", async () => {
      const message = await page.answerTo(await page.say("w-blocks Berlin"));
      expect(message).toMatchObject({ text: "with blocks", blocks: [{ type: "fields", fields: [{ label: "a", value: "b" }] }] });
    });

    it("with too much for a person are cut, and said to be", async () => {
      const ack = await page.say("w-long Berlin");
      await page.until("message", ({ seq }) => seq === ack.seq + 21);
      const texts = page
        .shown()
        .filter(({ seq }) => seq > ack.seq)
        .map(({ text }) => text);
      expect(texts[0]).toMatch(/^x{3900,}… \(cut, it was longer\)$/);
      expect(texts[1]).toBe("1\uFFFD");
      expect(texts.at(-1)).toBe("… and 10 more messages, which are not shown.");
      expect(texts).toHaveLength(21);
    });

    it("without saying visitor are for staff only: a visitor hears of no such command", async () => {
      expect(await ask("w-staff Berlin")).not.toContain("for staff");
      expect(await ask("help")).not.toContain("w-staff");
      const agent = await product.agent();
      const run = await agent.run("w-staff", { city: "Berlin" });
      expect(run).toMatchObject({ state: "succeeded", messages: [{ text: "for staff" }] });
    });

    it("and what only a visitor's conversation can do is no command of the staff", async () => {
      expect(await ask("help")).toContain("person [team]:");
      const agent = await product.agent();
      for (const command of ["person", "leave"]) expect(await agent.refused(command)).toMatchObject({ code: "unknown_command" });
      const [help] = (await agent.run("help")).messages;
      expect(help?.text).toContain("conversation.take");
      expect(help?.text).not.toMatch(/^(person|leave)/m);
      expect(help?.blocks).toBeUndefined();
    });
  });

  describe("as a client of nats micro sees them", () => {
    let bus: Bus;
    let client: NatsConnection;
    let end: () => Promise<void>;
    beforeAll(async () => {
      bus = await connectNats({ url: nats.url, log: silentLog });
      end = await hostAutomations(bus, automations);
      client = await connect({ servers: new URL(nats.url).host });
    });
    afterAll(async () => {
      await end();
      await client.close();
      await bus.close();
    });

    it.each(automations.map((automation) => [automation.name, automation] as const))(
      "%s has its summary, risk, arguments and audience",
      async (name, automation) => {
        const found: unknown[] = [];
        for await (const info of await client.services.client().info(name)) found.push(info);
        expect(found).toMatchObject([
          {
            name,
            version: automation.version,
            metadata: {
              summary: automation.summary,
              risk: automation.risk,
              audience: automation.audience,
              args: JSON.stringify(automation.args),
            },
            endpoints: [{ subject: `automation.${name}`, queue_group: "automations" }],
          },
        ]);
      },
    );

    it("answer PING and STATS", async () => {
      for await (const pong of await client.services.client().ping("reverse")) expect(pong).toMatchObject({ name: "reverse" });
      const stats = [];
      for await (const found of await client.services.client().stats("reverse")) stats.push(found);
      expect(stats).toMatchObject([{ name: "reverse", endpoints: [{ num_requests: expect.any(Number) }] }]);
    });

    it.each<[string, string, object]>([
      [
        "a request of the contract",
        JSON.stringify({ run: "r", tenant: "t", principal: {}, args: { text: "a b" }, mode: "run" }),
        { messages: [{ text: "b a" }] },
      ],
      [
        "the same in a conversation",
        JSON.stringify({ run: "r", tenant: "t", args: { text: "a b" }, mode: "run", conversation: "c" }),
        { messages: [{ text: "b a" }] },
      ],
      [
        "a request without a run",
        JSON.stringify({ tenant: "t", args: {}, mode: "run" }),
        { error: { code: "invalid_value", path: "run" } },
      ],
      [
        "another mode",
        JSON.stringify({ run: "r", tenant: "t", args: {}, mode: "guess" }),
        { error: { code: "invalid_value", path: "mode" } },
      ],
      [
        "arguments of the wrong kind",
        JSON.stringify({ run: "r", tenant: "t", args: { text: {} }, mode: "run" }),
        { error: { code: "invalid_value" } },
      ],
      ["an empty object", "{}", { error: { code: "invalid_value" } }],
      ["null", "null", { error: { code: "invalid_value" } }],
    ])("answer %s", async (_name, request, answer) => {
      const message = await client.request("automation.reverse", request, { timeout: 2000 });
      expect(message.json()).toMatchObject(answer);
    });

    it("answer what is no JSON with a service error, and live on", async () => {
      const message = await client.request("automation.reverse", "{", { timeout: 2000 });
      expect(message.headers?.get("Nats-Service-Error-Code")).toBe("500");
      expect(message.json()).toMatchObject({ error: { code: "automation_failed" } });
      const next = await client.request("automation.reverse", JSON.stringify({ run: "r", tenant: "t", args: { text: "a" }, mode: "run" }), {
        timeout: 2000,
      });
      expect(next.json()).toMatchObject({ messages: [{ text: "a" }] });
    });
  });
});
