import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

let product: TestProduct;
let agent: Agent;
beforeAll(async () => {
  product = await openProduct();
  agent = await product.agent();
});
afterAll(() => product.stop());

async function press(page: VisitorClient, action: string): Promise<number> {
  const clientId = randomUUID();
  page.send({ type: "action", clientId, seq: 0, action });
  return (await page.until("ack", (ack) => ack.clientId === clientId)).seq;
}

const system = (page: VisitorClient, after: number) =>
  page.until("message", (message) => message.seq > after && message.author.kind === "system");

describe("what the server says to a visitor", () => {
  it.each([
    ["en-GB", /^Did you|Did you mean "reverse"/, /joined the conversation/],
    ["de-AT", /Meinten Sie „reverse“/, /ist jetzt im Gespräch/],
    ["es", /¿Querías decir «reverse»/, /se ha unido/],
    ["fr-CA", /Vouliez-vous dire « reverse »/, /a rejoint/],
    ["pt", /Você quis dizer "reverse"/, /entrou na conversa/],
    ["ar", /Did you mean "reverse"/, /joined the conversation/],
  ])("is in %s: the assistant, the line, and who joins", async (locale, suggestion, joined) => {
    const { page, conversation } = await product.visit({ locale });
    expect((await page.answerTo(await page.say("revrse one"))).text).toMatch(suggestion);
    const queued = await system(page, await press(page, "person"));
    await agent.run("conversation.take", { conversation });
    const taken = await system(page, queued.seq);
    expect(taken.text).toMatch(joined);
    expect(taken.blocks).toBeUndefined();
    await page.close();
  });

  it("changes with the page's language, on the same socket and on the next", async () => {
    const { page, welcome } = await product.visit({ locale: "en" });
    await page.hello({ token: welcome.token, locale: "fr" });
    expect((await page.answerTo(await page.say("qwertz asdf"))).text).toContain("pas encore de réponse");
    const second = await product.openVisitor();
    await second.hello({ token: welcome.token, locale: "es" });
    expect((await second.answerTo(await second.say("qwertz asdf"))).text).toContain("Todavía no tengo respuesta");
    await Promise.all([page.close(), second.close()]);
  });

  it("tells agents of the line in their language, and a visitor who changed theirs in the new one", async () => {
    const { page, conversation, welcome } = await product.visit({ locale: "de" });
    const queued = await system(page, await press(page, "person"));
    await agent.run("conversation.take", { conversation });
    const taken = await system(page, queued.seq);
    await page.close();

    const desk = await agent.desk();
    const lines = (await desk.watch(`conversation:${conversation}`)).messages().filter(({ author }) => author.kind === "system");
    expect(lines).toMatchObject([
      { seq: queued.seq, text: expect.stringMatching(/^The visitor asked for a person/), visitorReads: queued.text },
      { seq: taken.seq, text: `${agent.name} joined the conversation.`, visitorReads: taken.text },
    ]);
    expect(lines.every((line) => !("blocks" in line))).toBe(true);
    await desk.close();

    const again = await product.openVisitor();
    await again.hello({ token: welcome.token, locale: "fr" });
    expect((await system(again, queued.seq)).text).toMatch(/a rejoint/);
    await again.close();
  });

  it("tells agents what happened where the visitor reads the tenant's own words, or a line of before", async () => {
    const { page, conversation } = await product.visit({ locale: "de" });
    await press(page, "person");
    await system(page, 0);
    const mark = async (blocks: string) =>
      await product.database.acrossTenants.query(
        "update message set blocks = $2::jsonb where conversation_id = $1 and author_kind = 'system'",
        [conversation, blocks],
      );
    const read = async () => {
      const desk = await agent.desk();
      const messages = (await desk.watch(`conversation:${conversation}`)).messages();
      await desk.close();
      return messages.find(({ author }) => author.kind === "system");
    };
    await mark('[{"type":"happening","what":"keptForPerson","values":[]}]');
    expect(await read()).toMatchObject({
      text: expect.stringMatching(/^Nobody was there/),
      visitorReads: expect.stringMatching(/^Sie warten/),
    });
    await mark('[{"type":"happening","what":"ofANewerRelease","values":[]}]');
    expect(await read()).toMatchObject({ text: expect.stringMatching(/^Sie warten/) });
    await mark("null");
    expect(await read()).toMatchObject({ text: expect.stringMatching(/^Sie warten/) });
    await page.close();
  });

  it("says a way out of the line in the visitor's words", async () => {
    const { page } = await product.visit({ locale: "de" });
    const queued = await system(page, await press(page, "person"));
    expect(queued.text).toMatch(/^Sie warten auf einen Menschen/);
    expect((await system(page, await press(page, "leave"))).text).toMatch(/^Sie haben die Schlange verlassen/);
    await page.close();
  });
});
