import type { ConversationHead } from "../../src/protocol/desk.ts";
import { openProduct } from "../fixtures/product.ts";

export type MergeHouse = Awaited<ReturnType<typeof openMergeHouse>>;

/** The product with two agents, the desk of one of them, and visitors whose conversations are merged. */
export async function openMergeHouse() {
  const product = await openProduct();
  const [one, two] = [await product.agent("agent1@demo.example"), await product.agent("agent2@demo.example")];
  const desk = await one.desk();
  const inbox = await desk.watch("inbox");
  await one.run("me.online");
  const entry = (id: string) => inbox.conversations().find((item) => item.id === id);
  const asked = async (text: string) => {
    const visit = await product.visit();
    await visit.page.say(text);
    return visit;
  };
  const taken = async (text: string) => {
    const visit = await asked(text);
    await one.run("conversation.take", { conversation: visit.conversation });
    await inbox.until(() => entry(visit.conversation)?.controller === "agent");
    return visit;
  };
  return {
    product,
    one,
    two,
    desk,
    inbox,
    entry,
    asked,
    taken,
    /** The second chat of the same contact: the first goes on at the desk. */
    again: async (first: Awaited<ReturnType<typeof taken>>, text: string) => {
      const visit = await product.visit({ token: first.welcome.token, anew: true });
      await visit.page.say(text);
      await one.run("conversation.reopen", { conversation: first.conversation });
      return visit;
    },
    headOf: async (conversation: string) => {
      const topic = await desk.watch(`conversation:${conversation}`);
      const head = [...topic.items.values()].find((item): item is ConversationHead => item.kind === "head");
      desk.send({ type: "unwatch", topic: `conversation:${conversation}` });
      return head;
    },
    stored: async (conversation: string) => {
      const [row] = await product.database.acrossTenants.query(
        `select open, controller, agent_id, muted, unread, last_text, generation,
           (select count(*)::int from turn t where t.conversation_id = c.id) as turns from conversation c where id = $1`,
        [conversation],
      );
      return row;
    },
    textsOf: async (conversation: string) => {
      const rows = await product.database.acrossTenants.query<{ seq: number; text: string }>(
        "select seq::int, text from message where conversation_id = $1 and author_kind <> 'system' and author_kind <> 'bot' order by seq",
        [conversation],
      );
      return rows.map(({ text }) => text);
    },
  };
}
