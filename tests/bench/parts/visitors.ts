import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { Conversing, type Peer } from "./conversing.ts";
import { openLoop, until } from "./openLoop.ts";
import { openMany } from "./openSocket.ts";
import { type Pace, Stopwatch } from "./pace.ts";

const peerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.enum(["echo", "bare"]), url: z.string() }),
  z.object({ kind: z.literal("product"), url: z.string(), inbox: z.string() }),
]);

const questionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open"), peer: peerSchema, sockets: z.number() }),
  /** Each visitor's next line after its answer. */
  z.object({ do: z.literal("closedLoop"), seconds: z.number() }),
  /** At a pace, whatever the answers do; the visitors in turn. */
  z.object({ do: z.literal("openLoop"), seconds: z.number(), perSecond: z.number() }),
  z.object({ do: z.literal("close") }),
]);
export type VisitorsQuestion = z.infer<typeof questionSchema>;

const lateAnswersMs = 10_000;

/** The generator: many visitors in one process. */
export function playVisitors(): void {
  const visitors = new Visitors();
  servePart(questionSchema, async (question) => {
    switch (question.do) {
      case "open":
        return await visitors.open(question.peer, question.sockets);
      case "closedLoop":
        return await visitors.closedLoop(question.seconds);
      case "openLoop":
        return await visitors.openLoop(question);
      case "close":
        return visitors.close();
    }
  });
}

class Visitors {
  #sockets: Conversing[] = [];
  #failure: string | undefined;
  #onAnswer = (_conversing: Conversing, _begunAt: number) => {};

  async open(peer: Peer, count: number): Promise<object> {
    const listener = {
      answered: (conversing: Conversing, begunAt: number) => this.#onAnswer(conversing, begunAt),
      failed: (reason: string) => {
        this.#failure ??= reason;
      },
    };
    this.#sockets = await openMany(count, () => Conversing.open(peer, listener));
    return {};
  }

  close(): object {
    for (const socket of this.#sockets) socket.close();
    this.#sockets = [];
    return {};
  }

  async closedLoop(seconds: number): Promise<Pace> {
    const stopwatch = new Stopwatch(seconds);
    this.#onAnswer = (conversing, begunAt) => {
      const now = performance.now();
      stopwatch.record(begunAt, now);
      if (!stopwatch.over(now)) conversing.begin(now);
    };
    for (const socket of this.#sockets) socket.begin(performance.now());
    await until(() => this.#failure !== undefined || stopwatch.over(performance.now()), seconds * 1000 + 1000);
    return await this.#finish(stopwatch);
  }

  async openLoop(pace: { seconds: number; perSecond: number }): Promise<Pace> {
    const stopwatch = new Stopwatch(pace.seconds);
    this.#onAnswer = (_, begunAt) => stopwatch.record(begunAt, performance.now());
    await openLoop(pace, (number, dueAt) => this.#sockets[number % this.#sockets.length]?.begin(dueAt));
    return await this.#finish(stopwatch);
  }

  async #finish(stopwatch: Stopwatch): Promise<Pace> {
    const waiting = () => this.#sockets.reduce((sum, socket) => sum + socket.waiting, 0);
    await until(() => this.#failure !== undefined || waiting() === 0, lateAnswersMs);
    if (this.#failure !== undefined) throw new Error(this.#failure);
    if (waiting() > 0) throw new Error(`${waiting()} turns were not answered within ${lateAnswersMs / 1000} s`);
    return stopwatch.pace();
  }
}
