import { createHistogram } from "node:perf_hooks";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { Conversing, type Peer } from "./conversing.ts";

const peerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("echo"), url: z.string() }),
  z.object({ kind: z.literal("product"), url: z.string(), inbox: z.string() }),
]);

const questionSchema = z.discriminatedUnion("do", [
  z.object({ do: z.literal("open"), peer: peerSchema, sockets: z.number() }),
  z.object({ do: z.literal("closedLoop"), seconds: z.number() }),
  z.object({ do: z.literal("openLoop"), seconds: z.number(), perSecond: z.number() }),
  z.object({ do: z.literal("close") }),
]);
export type VisitorsQuestion = z.infer<typeof questionSchema>;

export const openedSchema = z.object({ sockets: z.number(), seconds: z.number() });

/** Turns a second, and from the intended start to the answer in milliseconds. */
export const paceSchema = z.object({ turns: z.number(), perSecond: z.number(), p50: z.number(), p99: z.number(), max: z.number() });
export type Pace = z.infer<typeof paceSchema>;

/** Opened at once at most; a listener's backlog is 511. */
const openedAtOnce = 50;
const lateAnswersMs = 10_000;

/** The generator: many visitors in one process, who write in a closed loop (the next line after the answer) or in an open one (at a pace). */
export function playVisitors(): void {
  let sockets: Conversing[] = [];
  let onAnswer = (_conversing: Conversing, _begunAt: number) => {};
  let failure: string | undefined;
  const failed = (reason: string) => {
    failure ??= reason;
  };
  const open = async (peer: Peer, count: number) => {
    const begun = performance.now();
    while (sockets.length < count) {
      const some = Array.from({ length: Math.min(openedAtOnce, count - sockets.length) });
      sockets.push(...(await Promise.all(some.map(() => Conversing.open(peer, (...answer) => onAnswer(...answer), failed)))));
    }
    return { sockets: sockets.length, seconds: (performance.now() - begun) / 1000 };
  };

  /** `start` begins turns until `endsAt`, and those after each answer; the pace counts what was answered until then. */
  const measure = async (seconds: number, start: (endsAt: number) => (conversing: Conversing) => void): Promise<Pace> => {
    const histogram = createHistogram({ lowest: 1, highest: 120_000_000, figures: 3 });
    const begun = performance.now();
    const endsAt = begun + seconds * 1000;
    let answered = 0;
    let inTime = 0;
    let waiting = 0;
    const next = start(endsAt);
    onAnswer = (conversing, begunAt) => {
      const now = performance.now();
      answered++;
      if (now <= endsAt) inTime++;
      histogram.record(Math.max(1, Math.round((now - begunAt) * 1000)));
      next(conversing);
    };
    await until(() => failure !== undefined || performance.now() > endsAt, seconds * 1000 + 1000);
    await until(() => {
      waiting = sockets.reduce((sum, socket) => sum + socket.waiting, 0);
      return failure !== undefined || waiting === 0;
    }, lateAnswersMs);
    if (failure !== undefined) throw new Error(failure);
    if (waiting > 0) throw new Error(`${waiting} turns were not answered within ${lateAnswersMs / 1000} s`);
    return {
      turns: answered,
      perSecond: inTime / seconds,
      p50: histogram.percentile(50) / 1000,
      p99: histogram.percentile(99) / 1000,
      max: histogram.max / 1000,
    };
  };

  const closedLoop = (endsAt: number) => {
    const next = (conversing: Conversing) => {
      const now = performance.now();
      if (now < endsAt) conversing.begin(now);
    };
    for (const socket of sockets) next(socket);
    return next;
  };

  /** A turn counts from when it should have begun: what the generator or the product delays is part of it (coordinated omission). */
  const openLoop = (perSecond: number) => (endsAt: number) => {
    const begun = performance.now();
    let sent = 0;
    const tick = () => {
      const now = Math.min(performance.now(), endsAt);
      for (let dueAt = begun; ; sent++) {
        dueAt = begun + (sent * 1000) / perSecond;
        if (dueAt > now) break;
        sockets[sent % sockets.length]?.begin(dueAt);
      }
      if (now < endsAt) setTimeout(tick, 1);
    };
    tick();
    return () => {};
  };

  servePart(questionSchema, async (question) => {
    switch (question.do) {
      case "open":
        return await open(question.peer, question.sockets);
      case "closedLoop":
        return await measure(question.seconds, closedLoop);
      case "openLoop":
        return await measure(question.seconds, openLoop(question.perSecond));
      case "close":
        for (const socket of sockets) socket.close();
        sockets = [];
        return {};
    }
  });
}

async function until(condition: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!condition() && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}
