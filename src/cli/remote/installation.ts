import { randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import type { CommandListing, PlanAnswer, RunAnswer } from "../../protocol/commands.ts";
import type { ErrorBody } from "../../protocol/errors.ts";
import type { UploadedFile } from "../../protocol/files.ts";
import { Refusal } from "../../protocol/refusal.ts";

/**
 * A running installation, as whoever holds an API key of it. Every method throws the `Refusal` that it answers; `unavailable` where it doesn't, and
 * `Unanswered` where it may have heard.
 */
export interface Installation {
  commands(): Promise<CommandListing[]>;
  plan(command: string, args: object): Promise<PlanAnswer>;
  /** How it ended, or how far it is after a second. Where no answer came it is asked for again under the same key, which begins nothing twice. */
  start(command: string, args: object, planHash: string | undefined): Promise<RunAnswer>;
  /** All rows of its answer as CSV, as they come, and the run that reads them. */
  startFile(command: string, args: object): Promise<{ run: string; content: AsyncIterable<Uint8Array>; leave(): void }>;
  /** Keeps a file for an argument; its id. */
  upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<string>;
  run(id: string): Promise<RunAnswer>;
  cancel(id: string): Promise<void>;
}

/** What was sent may have arrived, and what became of it isn't known. */
export class Unanswered extends Refusal {
  constructor(message: string, cause?: unknown) {
    super("unavailable", message, { cause });
  }
}

/** A process that is started anew is there again within seconds. */
const asksAgainMs = [500, 2000, 5000];

/** Of the settings SWITCHBOARD_URL and SWITCHBOARD_KEY. Refusal `invalid_value` where one is missing or none. */
export function installationOf(env: Readonly<Record<string, string | undefined>>): Installation {
  const { SWITCHBOARD_URL: url = "", SWITCHBOARD_KEY: key = "" } = env;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new Refusal("invalid_value", "SWITCHBOARD_URL is where your installation is: https://switchboard.example.com.");
  if (!/^[\w.~+/=-]+$/.test(key))
    throw new Refusal("invalid_value", 'SWITCHBOARD_KEY is an API key of yours; "key.create" at the desk makes one.');
  const { origin } = new URL(url);
  const ask = asking(origin, key);
  const read = async <Answer>(path: string, init?: RequestInit): Promise<Answer> => {
    const answer = await ask(path, init);
    const text = await answer.text().catch((cause: unknown) => {
      throw new Unanswered(`The connection to ${origin} broke.`, cause);
    });
    return JSON.parse(text);
  };
  const post = (body: object, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });
  const of = (command: string, what: string) => `commands/${encodeURIComponent(command)}/${what}`;
  return {
    commands: async () => {
      const all: CommandListing[] = [];
      for (let cursor: string | null = ""; cursor !== null; ) {
        const after: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
        const page: { items: CommandListing[]; nextCursor: string | null } = await read(`commands?limit=200${after}`);
        all.push(...page.items);
        cursor = page.nextCursor;
      }
      return all;
    },
    plan: async (command, args) => await read(of(command, "plans"), post({ args })),
    start: async (command, args, planHash) => {
      const body = planHash === undefined ? { args } : { args, planHash };
      const request = post(body, { prefer: "wait=1", "idempotency-key": randomUUID() });
      return await untilAnswered(() => read(of(command, "runs"), request));
    },
    startFile: async (command, args) => {
      const leaving = new AbortController();
      const answer = await ask(of(command, "runs"), { ...post({ args }, { accept: "text/csv" }), signal: leaving.signal });
      const run = answer.headers.get("location")?.split("/").at(-1);
      if (answer.body === null || run === undefined) throw notSwitchboard();
      return { run, content: answer.body, leave: () => leaving.abort() };
    },
    upload: async (name, bytes) => {
      const headers = { "content-type": "application/octet-stream", "idempotency-key": randomUUID() };
      const request = { method: "POST", body: bytes, headers };
      const kept = await untilAnswered(() => read<UploadedFile>(`files?name=${encodeURIComponent(name)}`, request));
      return kept.id;
    },
    run: async (id) => await read(`runs/${id}`),
    cancel: async (id) => {
      await ask(`runs/${id}/cancel`, { method: "POST" });
    },
  };
}

/** What may be asked for twice. Once it may have arrived, that nobody is there later says nothing of it. */
async function untilAnswered<Answer>(askOnce: () => Promise<Answer>): Promise<Answer> {
  let unanswered: Unanswered | undefined;
  for (const waitMs of [0, ...asksAgainMs]) {
    await after(waitMs);
    try {
      return await askOnce();
    } catch (error) {
      if (error instanceof Unanswered) unanswered = error;
      else if (unanswered === undefined || !(error instanceof Refusal) || error.code !== "unavailable") throw error;
    }
  }
  throw unanswered;
}

function asking(origin: string, key: string) {
  return async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...init.headers, authorization: `Bearer ${key}` };
    const answer = await fetch(`${origin}/api/v1/${path}`, { ...init, headers, redirect: "error" }).catch((cause: unknown) => {
      if (brokenLater.has(codeOf(cause))) throw new Unanswered(`The connection to ${origin} broke before an answer came.`, cause);
      throw new Refusal("unavailable", `Nothing answers at ${origin}; check SWITCHBOARD_URL, and whether it runs.`, { cause });
    });
    if (answer.ok) return answer;
    throw refusalOf(answer.status, await answer.text().catch(() => ""));
  };
}

/** With which a connection ends that was there: what was sent on it may have arrived. */
const brokenLater = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "UND_ERR_SOCKET", "UND_ERR_HEADERS_TIMEOUT"]);

/** `fetch` wraps why it failed. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
}

function refusalOf(status: number, body: string): Refusal {
  try {
    const { error }: { error: ErrorBody } = JSON.parse(body);
    return new Refusal(error.code, error.message, error.path === undefined ? {} : { path: error.path });
  } catch {
    return status < 500 ? notSwitchboard() : new Unanswered(`What stands before your installation answered ${status} in its place.`);
  }
}

function notSwitchboard(): Refusal {
  return new Refusal("unavailable", "What answers at SWITCHBOARD_URL is no Switchboard, or something stands before it; check the address.");
}
