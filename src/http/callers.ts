import type { Request, Response } from "express";
import type { Access } from "../access/access.ts";
import { isApiKey, principalOfKey } from "../access/apiKeys/apiKeys.ts";
import { principalOfToken, signedInOfToken, unauthenticated } from "../access/authenticate.ts";
import { type Permission, permissions } from "../access/permissions.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import type { SignedIn } from "../access/sessions/sessionStore.ts";
import type { Platform } from "../platform/platform.ts";
import { type Language, pickLanguage } from "../protocol/languages.ts";
import { Refusal } from "../protocol/refusal.ts";
import { requestIdOf } from "./requestId.ts";

/**
 * What whoever calls must hold: a permission; for `own`, nothing, since it reaches only what is theirs, or asks for a permission of its own, as
 * each command does; `anybody` needs not even be known. An operation that doesn't say it doesn't compile.
 */
export type Needs = Permission | "own" | "anybody";

/** Who may call an operation: how they are found, and how the document says so. */
export interface Caller<Who> {
  security: Record<string, string[]>[];
  needs: Needs;
  /** Refusals: `unauthenticated`, `origin_refused`. */
  find(request: Request, response: Response): Promise<Who>;
}

type Tokens = Pick<Platform, "clock"> & Pick<Access, "keys" | "liveSessions">;

type Bearers = Tokens & Pick<Platform, "database">;

/** Whoever holds an access token, or an API key, may work in its tenant and holds the permission there. Refusal `forbidden`. */
export function byToken(deps: Bearers, needs: Permission | "own"): Caller<AccountPrincipal> {
  const find = async (_: Tokens, token: string) => {
    const principal = await principalOfBearer(deps, token);
    if (needs !== "own" && !principal.permissions.has(needs))
      throw new Refusal("forbidden", `You lack the permission "${needs}": ${permissions[needs]}. An admin can give it.`);
    return principal;
  };
  return { ...held(deps, find), security: [{ accessToken: [] }, { apiKey: [] }], needs };
}

/** The same, and a person: what belongs to a session is nothing for a key. */
export function byPerson(deps: Tokens): Caller<AccountPrincipal> {
  return held(deps, principalOfToken);
}

/** Who speaks with an access token or an API key. Refusals as `principalOfToken`. */
export async function principalOfBearer(deps: Bearers, token: string): Promise<AccountPrincipal> {
  return isApiKey(token) ? await principalOfKey(deps, token) : await principalOfToken(deps, token);
}

/** Whoever holds an access token, also if they have to do something else before they may work. */
export function bySignedIn(deps: Tokens): Caller<SignedIn> {
  return held(deps, signedInOfToken);
}

/** A request is something done: it keeps the session from ending for idleness. */
function held<Who extends { session: string }>(deps: Tokens, find: (deps: Tokens, token: string) => Promise<Who>): Caller<Who> {
  return {
    security: [{ accessToken: [] }],
    needs: "own",
    find: async (request, response) => {
      const token = bearerToken(request);
      if (token === undefined) throw unauthenticated();
      const who = await find(deps, token);
      if (!isApiKey(token)) deps.liveSessions.active(who.session);
      return { ...who, language: languageOf(request), asked: { address: request.ip ?? "", requestId: requestIdOf(response) } };
    },
  };
}

/** The first that whoever asks reads and we speak, of Accept-Language (RFC 9110, 12.5.4). */
export function languageOf(request: Request): Language {
  return pickLanguage(request.acceptsLanguages());
}

export function bearerToken(request: Request): string | undefined {
  return /^Bearer ([\w.~+/-]+=*)$/i.exec(request.get("authorization") ?? "")?.[1];
}

/** Anybody, from a page of our own or from no page at all. */
export function fromOurPages(publicUrl: string): Caller<undefined> {
  return {
    security: [],
    needs: "anybody",
    find: async (request) => {
      refuseForeignOrigin(request, publicUrl);
    },
  };
}

/**
 * The cookie comes with every request that any page makes a browser send; only our own pages may have it used. SameSite=Strict says the same,
 * but not to a page on another port or sub-domain of our site.
 */
export function refuseForeignOrigin(request: Request, publicUrl: string): void {
  const origin = request.get("origin");
  if (origin === undefined || origin === new URL(publicUrl).origin) return;
  throw new Refusal("origin_refused", `This may only be asked by pages of ${new URL(publicUrl).origin}; open the product there.`);
}
