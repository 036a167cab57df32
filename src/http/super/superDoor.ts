import express, { type Request, type RequestHandler, type Response } from "express";
import helmet from "helmet";
import type { Asked } from "../../access/principal.ts";
import { superOfToken } from "../../access/super/signInSuper.ts";
import type { SuperPrincipal } from "../../access/super/superSession.ts";
import type { MailTransport } from "../../platform/mail/mail.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { HttpDependencies } from "../dependencies.ts";
import { statusOf } from "../errors.ts";
import { requestIdOf } from "../requestId.ts";
import { readSuperCookie } from "./superCookie.ts";

/** What the pages of super admins need from outside. */
export interface SuperDoor
  extends Pick<HttpDependencies, "database" | "bus" | "clock" | "log" | "keys" | "passwords" | "signInThrottle" | "config"> {
  mail: MailTransport;
}

/** No script at all, in nobody's frame, kept by nobody. */
export const superPolicy: RequestHandler[] = [
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  }),
  (_request, response, next) => {
    response.set("Cache-Control", "no-store");
    next();
  },
];

/**
 * A form of one of our own pages. SameSite=Strict keeps other sites away, but not a page on another port or sub-domain of ours; browsers always
 * say where a form comes from, so that one without an origin is none. Refusal `origin_refused`.
 */
export function superForm({ publicUrl }: { publicUrl: string }, limit = "256kb"): RequestHandler[] {
  const ours: RequestHandler = (request, _response, next) => {
    if (request.get("origin") !== new URL(publicUrl).origin)
      throw new Refusal("origin_refused", `This may only be sent by pages of ${new URL(publicUrl).origin}; open /super there.`);
    next();
  };
  return [ours, express.urlencoded({ extended: false, limit, parameterLimit: 500 })];
}

/** One value of a form. Refusal `invalid_value` with its name where it is missing, twice there, or can't be stored. */
export function valueIn(body: unknown, name: string): string {
  const value: unknown = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
  if (typeof value !== "string") throw new Refusal("invalid_value", `The field "${name}" is missing, or there twice.`, { path: name });
  if (value.includes("\0") || !value.isWellFormed())
    throw new Refusal("invalid_value", "A text has a character that can't be stored.", { path: name });
  return value;
}

/** A word of an address, "" without it. What no row can have finds nothing, so it is left out. */
export function wordIn(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 200).replaceAll("\0", "") : "";
}

export function askedOf(request: Request, response: Response): Asked {
  return { address: request.ip ?? "", requestId: requestIdOf(response) };
}

/** Who asks now. Refusal `unauthenticated`. */
export async function superOf(door: SuperDoor, request: Request, response: Response): Promise<SuperPrincipal> {
  return await superOfToken(door, readSuperCookie(request, door.config.publicUrl), askedOf(request, response));
}

/** What a page is told of an action that was refused; anything else is thrown on. */
export function refusalOf(error: unknown, response: Response): Refusal {
  if (!(error instanceof Refusal) || error.code === "unauthenticated") throw error;
  tellStatus(error, response);
  return error;
}

/** As every door says it: the status, and when to come again. */
export function tellStatus({ code, retryAfterMs }: Pick<Refusal, "code" | "retryAfterMs">, response: Response): void {
  if (retryAfterMs !== undefined) response.set("Retry-After", String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  response.status(statusOf[code]);
}
