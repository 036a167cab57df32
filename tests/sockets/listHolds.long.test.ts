import { expect, it } from "vitest";
import { createInProcessBus } from "../../src/platform/bus/inProcess.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { seededRandom } from "../chaos/random.ts";
import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";

/** complaints.md, agent desk: "New chats appear only after a reload". */
const withinMs = 5000;
const steps = 120;

/** A desk whose socket is cut again and again, and which goes on from the cursor that it had. */
class CutDesk {
  readonly list = new Map<string, ConversationItem>();
  readonly #agent: Agent;
  #desk: DeskClient | undefined;
  #cursor: string | undefined;
  resumed = 0;

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  async open(): Promise<void> {
    const desk = await this.#agent.desk();
    this.#desk = desk;
    desk.each((frame) => {
      // What still arrives of a socket that was cut is not read.
      if (this.#desk !== desk || (frame.type !== "snapshot" && frame.type !== "delta") || frame.topic !== "inbox") return;
      this.#cursor = frame.cursor;
      if (frame.type === "snapshot") this.list.clear();
      else for (const id of frame.removed) this.list.delete(id);
      for (const item of frame.type === "snapshot" ? frame.items : frame.changed)
        if (item.kind === "conversation") this.list.set(item.id, item);
    });
    desk.send({ type: "watch", topic: "inbox", ...(this.#cursor === undefined ? {} : { cursor: this.#cursor }) });
  }

  async cut(): Promise<void> {
    this.#desk?.socket.terminate();
    this.resumed++;
    await this.open();
  }

  async close(): Promise<void> {
    await this.#desk?.close();
  }
}

/** What the desk should show, from the table itself. */
async function stored(product: TestProduct): Promise<Map<string, object>> {
  const rows = await product.database.acrossTenants.query<{ id: string }>(
    `select id, controller, agent_id as agent, unread, last_seq::int as "lastSeq", last_text as "lastText"
       from conversation where tenant_id = $1 and open and muted is null`,
    [product.tenant],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function shown(list: ReadonlyMap<string, ConversationItem>): Map<string, object> {
  return new Map(
    [...list.values()].map(({ id, controller, agent, unread, lastSeq, lastText }) => [
      id,
      { id, controller, agent: agent?.id ?? null, unread, lastSeq, lastText },
    ]),
  );
}

it.each([1, 2])(
  "a desk's list equals the database within 5 s, though its socket is cut and half of the bus is lost (seed %i)",
  async (seed) => {
    const random = seededRandom(seed);
    const bus = createInProcessBus();
    const product = await openProduct({ bus: { ...bus, publish: (subject, data) => void (random() < 0.5 && bus.publish(subject, data)) } });
    try {
      const [mia, otto] = [await product.agent("agent1@demo.example"), await product.agent("agent2@demo.example")];
      const desk = new CutDesk(mia);
      await desk.open();
      const visits: Awaited<ReturnType<TestProduct["visit"]>>[] = [];
      const one = () => visits[Math.floor(random() * visits.length)];
      const tried = async (command: string) => {
        // Whoever comes too late is refused: that is no matter here.
        const agent = random() < 0.5 ? mia : otto;
        await agent.run(command, { conversation: one()?.conversation }).catch(() => {});
      };
      for (let step = 0; step < steps; step++) {
        const chance = random();
        if (visits.length < 3 || chance < 0.1) {
          const visit = await product.visit();
          await visit.page.say(`hello ${step}`);
          visits.push(visit);
        } else if (chance < 0.4) await one()?.page.say(random() < 0.3 ? "person" : `words ${step}`);
        else if (chance < 0.6) await tried("conversation.take");
        else if (chance < 0.7) await tried("conversation.hand-back");
        else if (chance < 0.85) await tried("conversation.close");
        else await desk.cut();
      }
      expect(desk.resumed).toBeGreaterThan(5);
      await expect.poll(async () => [...shown(desk.list)].sort(), { timeout: withinMs }).toEqual([...(await settled(product))].sort());
      await desk.close();
      await Promise.all(visits.map(({ page }) => page.close()));
    } finally {
      await product.stop();
    }
  },
  40_000,
);

/** Once the assistant has answered what it was asked last. */
async function settled(product: TestProduct): Promise<Map<string, object>> {
  await expect.poll(() => product.database.acrossTenants.query("select 1 from turn"), { timeout: 10_000 }).toEqual([]);
  return await stored(product);
}
