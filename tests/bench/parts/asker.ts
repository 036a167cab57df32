import { Agent, request } from "node:http";
import { z } from "zod";
import { servePart } from "../processes/part.ts";
import { type Pace, Stopwatch } from "./pace.ts";

/** The same again and again; `{n}` in the address and the body is a number from 1 to `upTo`, `{n12}` the same with zeros before it to 12 digits. */
const questionSchema = z.object({
  method: z.enum(["POST", "GET", "PATCH"]).default("POST"),
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
export type AskerQuestion = z.input<typeof questionSchema>;

/** Asks again as soon as it is answered, so many at a time. */
export function playAsker(): void {
  servePart(questionSchema, askAll);
}

async function askAll({
  method,
  url,
  headers,
  body,
  upTo,
  inFlight,
  seconds,
  contains,
  mayWait = false,
}: z.output<typeof questionSchema>): Promise<Pace> {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  const pace = await inTurn(inFlight, seconds, async () => {
    const number = String(anyUpTo(upTo));
    const filled = (text: string) => text.replaceAll("{n}", number).replaceAll("{n12}", number.padStart(12, "0"));
    const { status, text } = await ask(agent, { method, url: filled(url), headers, body: filled(body) });
    if (mayWait && (status === 503 || status === 202)) return;
    if ((status !== 200 && status !== 201) || !text.includes(contains)) throw new Error(`answered by ${status} ${text.slice(0, 300)}`);
  });
  agent.destroy();
  return pace;
}

/** Without `fetch`, which would take as much of the processor as what it asks. */
function ask(
  agent: Agent,
  { method, url, headers, body }: Pick<AskerQuestion, "method" | "url" | "headers" | "body">,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = body === "" ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const asked = request(url, { method, agent, headers: { ...sent, ...headers } }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body === "" ? undefined : body);
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
