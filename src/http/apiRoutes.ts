import { pipeline } from "node:stream/promises";
import { type Request, type RequestHandler, type Response, Router } from "express";
import { Refusal } from "../protocol/refusal.ts";
import type { Operation } from "./operation.ts";

/** The operations as Express routes; another method at one of their addresses answers 405 with what is allowed. */
export function apiRoutes(operations: readonly Operation[]): Router {
  const rooms = new Map<string, Router>();
  const roomOf = (path: string) => {
    const room = rooms.get(startOf(path)) ?? Router({ caseSensitive: true, strict: true });
    rooms.set(startOf(path), room);
    return room;
  };
  for (const operation of operations) roomOf(operation.path)[operation.method](expressPath(operation.path), answering(operation));
  for (const path of new Set(operations.map(({ path }) => path))) {
    const methods = operations.filter((operation) => operation.path === path).map(({ method }) => method.toUpperCase());
    roomOf(path).all(expressPath(path), onlyMethods(methods.includes("GET") ? [...methods, "HEAD"] : methods));
  }
  // Express tries routes one after the other: of hundreds, only those that begin as the request does.
  return Router().use((request, response, next) => {
    const room = rooms.get(startOf(request.path));
    if (room === undefined) next();
    else room(request, response, next);
  });
}

/** `/api/v1/blueprints` of all that lies under it: no address has a parameter there. */
function startOf(path: string): string {
  return path.split("/", 4).join("/");
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
    else sendJson(response, body);
  };
}

/** Without the entity tag that Express makes of the whole text: what is never stored is never asked whether it is the same still. */
function sendJson(response: Response, body: unknown): void {
  const text = JSON.stringify(body);
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", Buffer.byteLength(text));
  response.end(text);
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
