import { randomUUID } from "node:crypto";
import type { RequestHandler, Response } from "express";

const header = "x-request-id";

/** Gives each request an id, ours and never the caller's, so that a line of the log belongs to one request. */
export const giveRequestId: RequestHandler = (_request, response, next) => {
  response.set(header, randomUUID());
  next();
};

export function requestIdOf(response: Response): string {
  return response.get(header) ?? "";
}
