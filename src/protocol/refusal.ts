import type { ErrorBody, ErrorCode } from "./errors.ts";

/** An error that a person is told as it stands. Anything else that is thrown is told as `internal`, without its text. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: { path?: string; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.name = "Refusal";
    this.code = code;
    this.path = details.path;
    this.retryAfterMs = details.retryAfterMs;
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
    ...(requestId === undefined ? {} : { requestId }),
  };
}
