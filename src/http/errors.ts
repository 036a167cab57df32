import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Log } from "../platform/log/log.ts";
import type { ErrorBody, ErrorCode } from "../protocol/errors.ts";
import { errorBody, Refusal } from "../protocol/refusal.ts";
import { languageOf } from "./callers.ts";
import { requestIdOf } from "./requestId.ts";

/** The one table: 422 a value that doesn't fit, 409 what doesn't fit the present state, 404 also for what is not yours. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  invalid_json: 400,
  invalid_frame: 400,
  invalid_value: 422,
  nothing_to_send: 422,
  text_too_long: 422,
  client_id_reused: 409,
  idempotency_key_reused: 409,
  unauthenticated: 401,
  invalid_credentials: 401,
  origin_refused: 403,
  forbidden: 403,
  step_up_needed: 403,
  confirmation_needed: 409,
  approval_needed: 409,
  not_found: 404,
  unknown_command: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  payload_too_large: 413,
  range_not_satisfiable: 416,
  rate_limited: 429,
  already_taken: 409,
  not_your_conversation: 409,
  conflict: 409,
  stale: 409,
  automation_away: 503,
  automation_timeout: 504,
  automation_failed: 502,
  unavailable: 503,
  upgrade_needed: 426,
  internal: 500,
};

/** Largest body, in bytes. */
export const bodyLimit = 256 * 1024;

/** Answers with the one error shape. */
export function sendError(response: Response, error: ErrorBody): void {
  response.set("Cache-Control", "no-store");
  if (error.retryAfterMs !== undefined) response.set("Retry-After", String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  if (error.code === "unauthenticated") response.set("WWW-Authenticate", "Bearer");
  response.status(statusOf[error.code]).json({ error: { ...error, requestId: requestIdOf(response) } });
}

/** The last of all handlers: whatever was thrown becomes an answer here, and only here. */
export function errorHandler({ log }: { log: Log }): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (thrown: unknown, request, response, _next) => {
    if (response.headersSent) {
      log.error({ err: thrown, requestId: requestIdOf(response), path: request.path }, "an answer broke off");
      response.destroy();
      return;
    }
    sendError(response, toldOf({ log }, thrown, request, response));
  };
}

/** What is told of whatever was thrown; what was our own fault is logged, under the request's id. */
export function toldOf({ log }: { log: Log }, thrown: unknown, request: Request, response: Response): ErrorBody {
  const told = asRefusal(thrown);
  if (!(told instanceof Refusal) || statusOf[told.code] >= 500) {
    log.error({ err: thrown, requestId: requestIdOf(response), method: request.method, path: request.path }, "a request failed");
  }
  return errorBody(told, undefined, languageOf(request));
}

/** The errors of Express and its body parser carry a `type` or a status; their texts are for us, not for people. */
function asRefusal(thrown: unknown): unknown {
  if (thrown instanceof Refusal || typeof thrown !== "object" || thrown === null) return thrown;
  const type = "type" in thrown ? thrown.type : undefined;
  const status = "status" in thrown ? thrown.status : undefined;
  if (type === "entity.parse.failed") return new Refusal("invalid_json", "The body is not valid JSON.", { cause: thrown });
  if (type === "entity.too.large") {
    const limit = "limit" in thrown && typeof thrown.limit === "number" ? thrown.limit : bodyLimit;
    return new Refusal("payload_too_large", `The body is larger than ${limit / 1024} KB, the limit.`);
  }
  if (type === "parameters.too.many") return new Refusal("payload_too_large", "The form has more fields than any of ours.");
  if (type === "encoding.unsupported" || type === "charset.unsupported") return new Refusal("unsupported_media_type", unsupported);
  if (status === 404 || thrown instanceof URIError) return notFound();
  if (status === 400) return new Refusal("invalid_json", "The request could not be read to its end; send it again.", { cause: thrown });
  return thrown;
}

export const unsupported = "The body must be JSON in UTF-8: Content-Type: application/json.";

export function notFound(): Refusal {
  return new Refusal("not_found", "There is nothing at this address; GET /api/openapi.json lists what there is.");
}

/**
 * For the server's `clientError`: what is not even HTTP, or has too many headers, never reaches a handler, and still gets the one shape.
 * The socket is closed.
 */
export function answerBrokenRequest(error: Error, socket: Duplex): void {
  if (!socket.writable || ("code" in error && error.code === "ECONNRESET")) {
    socket.destroy();
    return;
  }
  const code = "code" in error ? error.code : undefined;
  const [status, message] =
    code === "HPE_HEADER_OVERFLOW"
      ? [431, "The headers of the request are too large; send fewer or shorter ones."]
      : code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "The request took too long to arrive; send it again."]
        : [400, "This is not a request that can be read as HTTP."];
  const body = JSON.stringify({ error: { code: "invalid_json", message } });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
