import type { WebSocket } from "ws";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { openLoop, until } from "./openLoop.ts";
import { kindOf, openMany, openWelcomed } from "./openSocket.ts";
import { type Pace, Stopwatch } from "./pace.ts";

const questionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("visitors"), url: z.string(), inbox: z.string(), count: z.number() }),
  /** Each agent watches `inbox` and a share of the conversations. */
  z.object({ do: z.literal("agents"), url: z.string(), tickets: z.array(z.string()) }),
  z.object({ do: z.literal("messages"), seconds: z.number(), perSecond: z.number() }),
]);
export type AudienceQuestion = z.infer<typeof questionSchema>;

export const conversationsSchema = z.object({ conversations: z.array(z.string()) });
export const watchingSchema = z.object({ seconds: z.number() });

const welcomeSchema = z.object({ conversation: z.string() });
const snapshotsWithinMs = 60_000;
const lateMs = 10_000;
/** No frame for so long: what the agents asked for has come. */
const quietMs = 1000;

const words = "bench ";
const marker = Buffer.from(`"text":"${words}`);
// A delta of the inbox is long and says nothing here: the first letter of the topic tells it from a conversation's.
const topicAt = '{"type":"delta","topic":"'.length;
const conversationLetter = "c".charCodeAt(0);

/** Visitors who write and agents who watch, in one process, so that one clock times the way from one to the other. */
export function playAudience(): void {
  const audience = new Audience();
  servePart(questionSchema, async (question) => {
    switch (question.do) {
      case "visitors":
        return await audience.openVisitors(question);
      case "agents":
        return await audience.openAgents(question);
      case "messages":
        return await audience.write(question);
    }
  });
}

class Audience {
  #visitors: { socket: WebSocket; conversation: string }[] = [];
  #failure: string | undefined;
  #snapshots = 0;
  #heardAt = 0;
  #onMessage = (_number: number) => {};

  async openVisitors({ url, inbox, count }: { url: string; inbox: string; count: number }): Promise<z.infer<typeof conversationsSchema>> {
    this.#visitors = await openMany(count, async () => {
      const { socket, welcome } = await openWelcomed(url, "/ws/visitor", { type: "hello", inbox, locale: "en", page: `${url}/` });
      this.#watchEnd(socket);
      socket.on("message", (data: Buffer) => {
        if (kindOf(data) === "e") this.#failure ??= data.toString();
      });
      return { socket, conversation: welcomeSchema.parse(JSON.parse(welcome)).conversation };
    });
    return { conversations: this.#visitors.map(({ conversation }) => conversation) };
  }

  async openAgents({ url, tickets }: { url: string; tickets: string[] }): Promise<z.infer<typeof watchingSchema>> {
    const begun = performance.now();
    const sockets = await openMany(tickets.length, async (index) => {
      const { socket } = await openWelcomed(url, "/ws/desk", { type: "hello", ticket: tickets[index] });
      this.#watchEnd(socket);
      const share = this.#visitors.filter((_, visitor) => visitor % tickets.length === index);
      this.#watch(socket, ["inbox", ...share.map(({ conversation }) => `conversation:${conversation}`)]);
      return socket;
    });
    const wanted = this.#visitors.length + sockets.length;
    const all = () => this.#snapshots >= wanted && performance.now() - this.#heardAt > quietMs;
    await until(() => this.#failure !== undefined || all(), snapshotsWithinMs);
    this.#check(all(), `${this.#snapshots} of ${wanted} snapshots came within ${snapshotsWithinMs / 1000} s`);
    return { seconds: (this.#heardAt - begun) / 1000 };
  }

  /** Every message must reach its agent, once. */
  async write(pace: { seconds: number; perSecond: number }): Promise<Pace> {
    const stopwatch = new Stopwatch(pace.seconds);
    const dueAts: number[] = [];
    const seen = new Set<number>();
    this.#onMessage = (number) => {
      const dueAt = dueAts[number];
      if (dueAt === undefined || seen.has(number)) this.#failure ??= `message ${number} came to its agent twice, or was never sent`;
      else stopwatch.record(dueAt, performance.now());
      seen.add(number);
    };
    const sent = await openLoop(pace, (number, dueAt) => {
      dueAts.push(dueAt);
      // A prime step: the visitors in an order of no meaning.
      const visitor = this.#visitors[(number * 7919) % this.#visitors.length];
      visitor?.socket.send(
        `{"type":"message","clientId":"${pace.perSecond}x${pace.seconds}s${number}","text":"${words}${number} of a busy day"}`,
      );
    });
    await until(() => this.#failure !== undefined || seen.size >= sent, lateMs);
    this.#check(seen.size === sent, `${sent - seen.size} messages did not reach their agents within ${lateMs / 1000} s`);
    return stopwatch.pace();
  }

  #watchEnd(socket: WebSocket): void {
    socket.on("close", (code) => {
      this.#failure ??= `a socket was closed with ${code}`;
    });
  }

  /** One topic after the other, as fast as the snapshots come. */
  #watch(socket: WebSocket, topics: string[]): void {
    const next = () => {
      const topic = topics.shift();
      if (topic !== undefined) socket.send(`{"type":"watch","topic":"${topic}"}`);
    };
    socket.on("message", (data: Buffer) => {
      this.#heardAt = performance.now();
      const kind = kindOf(data);
      if (kind === "e") this.#failure ??= data.toString();
      if (kind === "d") this.#hear(data);
      if (kind !== "s") return;
      this.#snapshots++;
      next();
    });
    next();
  }

  #hear(data: Buffer): void {
    if (data[topicAt] !== conversationLetter) return;
    for (let at = data.indexOf(marker); at !== -1; at = data.indexOf(marker, at + 1)) {
      const from = at + marker.length;
      this.#onMessage(Number(data.toString("latin1", from, data.indexOf(" ", from))));
    }
  }

  #check(fine: boolean, otherwise: string): void {
    if (this.#failure !== undefined) throw new Error(this.#failure);
    if (!fine) throw new Error(otherwise);
  }
}
