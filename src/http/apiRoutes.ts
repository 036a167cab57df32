import { pipeline } from "node:stream/promises";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { Refusal } from "../protocol/refusal.ts";
import type { Operation } from "./operation.ts";

/** The operations as Express routes; another method at one of their addresses answers 405 with what is allowed. */
export function apiRoutes(operations: readonly Operation[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const operation of operations) router[operation.method](expressPath(operation.path), answering(operation));
  for (const path of new Set(operations.map(({ path }) => path))) {
    const methods = operations.filter((operation) => operation.path === path).map(({ method }) => method.toUpperCase());
    router.all(expressPath(path), onlyMethods(methods.includes("GET") ? [...methods, "HEAD"] : methods));
  }
  return router;
}

/** Refuses every method: what is allowed was taken by a route before. */
export function onlyMethods(methods: readonly string[]): RequestHandler {
  const allow = methods.join(", ");
  return (request, response) => {
    response.set("Allow", allow);
    throw new Refusal("method_not_allowed", `${request.method.slice(0, 20)} is not possible here; possible is ${allow}.`);
  };
}

function answering(operation: Operation): RequestHandler {
  return async (request, response) => {
    const { status, body, content, headers } = await operation.answer(request, response);
    if (headers !== undefined) response.set(headers);
    response.status(status);
    if (content !== undefined) await send(content, request, response);
    else if (body === undefined) response.end();
    else response.json(body);
  };
}

async function send(content: AsyncIterable<string | Uint8Array>, request: Request, response: Response): Promise<void> {
  // A reader who goes away in the middle is no fault of ours.
  await pipeline(content, response).catch((error: unknown) => {
    if (!request.socket.destroyed) throw error;
  });
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
