import type { ErrorBody, ErrorCode } from "./errors.ts";

interface RefusalDetails {
  path?: string;
  retryAfterMs?: number;
  current?: Record<string, unknown>;
  cause?: unknown;
}

/** An error that a person is told as it stands. Anything else that is thrown is told as `internal`, without its text. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly current: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, details: RefusalDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "Refusal";
    this.code = code;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
    this.current = details.current;
  }
}

/** What a surface shows for whatever was thrown: never a stack, an SQL text or an internal host. */
export function errorBody(thrown: unknown, requestId?: string): ErrorBody {
  const refusal =
    thrown instanceof Refusal ? thrown : new Refusal("internal", "Something went wrong on our side. It was logged; please try again.");
  return {
    code: refusal.code,
    message: refusal.message,
    ...(refusal.path === undefined ? {} : { path: refusal.path }),
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
    ...(refusal.current === undefined ? {} : { current: refusal.current }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
