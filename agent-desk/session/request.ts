import type { ErrorBody } from "../../src/protocol/errors.ts";
import { Refusal } from "../../src/protocol/refusal.ts";

export interface Request {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  accessToken?: string | undefined;
  idempotencyKey?: string;
  /** How long whoever asks waits for a run's end, in seconds. */
  waitSeconds?: number;
}

/** How long an answer may take before it counts as lost. */
const deadlineMs = 15_000;

/** Asks the product's API. Throws a `Refusal`: the server's own, or `unavailable` when there is no answer. */
export async function request<Answer>({ method, path, body, accessToken, idempotencyKey, waitSeconds }: Request): Promise<Answer> {
  const headers = new Headers({ accept: "application/json" });
  if (body !== undefined) headers.set("content-type", "application/json");
  if (accessToken !== undefined) headers.set("authorization", `Bearer ${accessToken}`);
  if (idempotencyKey !== undefined) headers.set("idempotency-key", idempotencyKey);
  if (waitSeconds !== undefined) headers.set("prefer", `wait=${waitSeconds}`);
  const response = await reach(`/api/v1/${path}`, {
    method,
    headers,
    credentials: "same-origin",
    signal: AbortSignal.timeout(deadlineMs),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await readJson<Answer & { error?: ErrorBody }>(response);
  if (response.ok && answer !== undefined) return answer;
  throw refusalOf(response, answer?.error);
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw new Refusal("unavailable", "Switchboard can't be reached. Check the connection and try again.", { cause });
  }
}

async function readJson<Body>(response: Response): Promise<Body | undefined> {
  const text = await response.text();
  try {
    return JSON.parse(text === "" ? "{}" : text);
  } catch {
    return undefined;
  }
}

function refusalOf(response: Response, error: ErrorBody | undefined): Refusal {
  if (error === undefined) {
    return new Refusal(response.status === 401 ? "unauthenticated" : "unavailable", "Switchboard gave no proper answer. Please try again.");
  }
  return new Refusal(error.code, error.message, {
    ...(error.path === undefined ? {} : { path: error.path }),
    ...(error.character === undefined ? {} : { character: error.character }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    ...(error.current === undefined ? {} : { current: error.current }),
  });
}
