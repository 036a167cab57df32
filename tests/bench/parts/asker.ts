import { Agent, request } from "node:http";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { type Pace, Stopwatch } from "./pace.ts";

/** The same POST again and again; `{n}` in the body is a number from 1 to `upTo`. */
const questionSchema = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  upTo: z.number(),
  inFlight: z.number(),
  seconds: z.number(),
  /** What every answer must contain. */
  contains: z.string(),
  /** Whether "try again" and "it still waits" are answers, too. */
  mayWait: z.boolean().optional(),
});
export type AskerQuestion = z.infer<typeof questionSchema>;

/** Asks again as soon as it is answered, so many at a time. */
export function playAsker(): void {
  servePart(questionSchema, postAll);
}

async function postAll({ url, headers, body, upTo, inFlight, seconds, contains, mayWait = false }: AskerQuestion): Promise<Pace> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const pace = await inTurn(inFlight, seconds, async () => {
    const { status, text } = await post(agent, url, headers, body.replaceAll("{n}", String(anyUpTo(upTo))));
    if (mayWait && (status === 503 || status === 202)) return;
    if (status !== 200 || !text.includes(contains)) throw new Error(`answered by ${status} ${text.slice(0, 300)}`);
  });
  agent.destroy();
  return pace;
}

/** Without `fetch`, which would take as much of the processor as what it asks. */
function post(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const length = { "content-length": Buffer.byteLength(body) };
    const sent = request(
      url,
      { method: "POST", agent, headers: { "content-type": "application/json", ...length, ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
        answer.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Asks again as soon as it is answered, so many at a time. */
export async function inTurn(inFlight: number, seconds: number, ask: () => Promise<void>): Promise<Pace> {
  const stopwatch = new Stopwatch(seconds);
  const one = async () => {
    for (let now = performance.now(); !stopwatch.over(now); ) {
      const begunAt = now;
      await ask();
      now = performance.now();
      stopwatch.record(begunAt, now);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return stopwatch.pace();
}

export function anyUpTo(most: number): number {
  return 1 + Math.floor(Math.random() * most);
}
