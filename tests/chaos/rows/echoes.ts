import { connect, headers } from "nats";
import { soon } from "../processes/until.ts";

/** Somebody on the bus who repeats what is published, later and in another order. */
export interface Echoes {
  count(): number;
  /** Publishes up to so many bytes to all gateways, until the condition holds. */
  flood(bytes: number, until: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

export async function startEchoes(port: number, random: () => number, latestMs: number): Promise<Echoes> {
  const connection = await connect({ servers: `127.0.0.1:${port}`, name: "echoes" });
  const timers = new Set<NodeJS.Timeout>();
  const mark = headers();
  mark.set("Echo", "1");
  let copies = 0;
  const subjects = new Set<string>();
  // What events there are: requests and their answers are not repeated, they have deadlines and keys of their own.
  const subscriptions = ["conversation.>", "tenant.>", "turn.>"].map((pattern) =>
    connection.subscribe(pattern, {
      callback: (_error, message) => {
        if (message.headers?.has("Echo")) return;
        if (message.subject.startsWith("conversation.")) subjects.add(message.subject);
        const data = message.data.slice();
        for (let copy = 0; copy < 2; copy++) {
          const timer = setTimeout(() => {
            timers.delete(timer);
            copies++;
            connection.publish(message.subject, data, { headers: mark });
          }, random() * latestMs);
          timers.add(timer);
        }
      },
    }),
  );
  return {
    count: () => copies,
    flood: async (bytes, until) => {
      const block = new TextEncoder().encode(JSON.stringify({ kind: "nothing", padding: "x".repeat(100_000) }));
      for (let sent = 0; sent < bytes && !(await until()); sent += 20 * block.length) {
        for (const subject of [...subjects].slice(0, 20)) connection.publish(subject, block, { headers: mark });
        await connection.flush();
      }
      await soon(3000, until);
    },
    stop: async () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
      for (const timer of timers) clearTimeout(timer);
      await connection.close();
    },
  };
}
