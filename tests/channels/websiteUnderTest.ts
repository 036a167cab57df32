import { randomUUID } from "node:crypto";
import { openProduct } from "../fixtures/product.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";
import type { PlaceUnderTest } from "./chatUnderTest.ts";

const scores = ["1", "2", "3", "4", "5"];

/** The chat on a website: a page for each of two visitors. What the page draws by itself, since nobody says it, is the question at the end. */
export async function websiteUnderTest(): Promise<PlaceUnderTest> {
  const product = await openProduct();
  const pages = new Map<string, VisitorClient>();
  for (const person of ["vera", "hugo"]) pages.set(person, (await product.visit()).page);
  const pageOf = (person: string): VisitorClient => {
    const page = pages.get(person);
    if (page === undefined) throw new Error(`${person} has no page open`);
    return page;
  };
  return {
    product,
    people: ["vera", "hugo"],
    write: async (person, text) => void (await pageOf(person).say(text)),
    seen: (person) => {
      const page = pageOf(person);
      const said = page.shown().map(({ text, author }) => ({ text, author: author.name, buttons: [] }));
      const state = page.of("state").at(-1);
      if (state?.open !== false) return said;
      const kept = page.of("rated").at(-1);
      const end = kept === undefined ? { text: "How was it?", buttons: scores } : { text: `Thank you: ${kept.score} of 5.`, buttons: [] };
      return [...said, { ...end, author: "" }];
    },
    press: async (person, label) => {
      const page = pageOf(person);
      const clientId = randomUUID();
      page.send({ type: "rate", clientId, score: Number(label) });
      await page.until("rated", (rated) => rated.clientId === clientId);
    },
    close: async () => {
      for (const page of pages.values()) await page.close();
      await product.stop();
    },
  };
}
