import { parseCookie } from "cookie";
import { signedInOfToken, unauthenticated } from "../access/authenticate.ts";
import { endSession, sessionOfRefreshToken } from "../access/sessions/endSession.ts";
import type { ContinuedGrant } from "../access/sessions/goOn.ts";
import { knownDevice, newDevice } from "../access/sessions/knownDevice.ts";
import { refreshSession } from "../access/sessions/refreshSession.ts";
import { signIn } from "../access/sessions/signIn.ts";
import { issueSocketTicket } from "../access/sessions/socketTicket.ts";
import type { SessionAnswer } from "../protocol/access.ts";
import { bearerToken, byPerson, type Caller, fromOurPages, refuseForeignOrigin } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { type Answer, noBody, nothing, type Operation, operation } from "./operation.ts";
import { deviceCookie, deviceCookieName, endedRefreshCookie, refreshCookie, refreshCookieName } from "./refreshCookie.ts";
import { sessionAnswer, signInBody, ticketAnswer } from "./schemas.ts";

/** Sign-in, refresh, end, ticket. */
export function sessionOperations(deps: HttpDependencies): Operation[] {
  const { publicUrl } = deps.config;
  const common = { tag: "Session", params: nothing, query: nothing } as const;

  return [
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session",
      id: "signIn",
      summary: "Begins a session; the refresh token comes as a cookie.",
      caller: fromOurPages(publicUrl),
      body: signInBody,
      answers: { statuses: { 200: "The session." }, schema: sessionAnswer },
      handle: async ({ body, address, userAgent, requestId, cookies }) => {
        const device = cookies[deviceCookieName(publicUrl)];
        const grant = await signIn(deps, { ...body, address, userAgent, requestId, device });
        const answer = granted(deps, grant);
        const { email } = grant.answer.account;
        const known = knownDevice(deps.keys, email, device) === undefined ? deviceCookie(publicUrl, newDevice(deps.keys, email)) : [];
        return { ...answer, headers: { "Set-Cookie": [refreshCookie(publicUrl, grant.refreshToken, grant.refreshEndsAt)].concat(known) } };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session/refresh",
      id: "refreshSession",
      summary: "A new access token for the cookie's refresh token, which is replaced.",
      caller: fromOurPages(publicUrl),
      body: noBody,
      answers: { statuses: { 200: "The session." }, schema: sessionAnswer },
      handle: async ({ cookies, address, requestId, userAgent }) => {
        const token = cookies[refreshCookieName(publicUrl)];
        if (token === undefined) throw unauthenticated();
        return granted(deps, await refreshSession(deps, token, { address, requestId, userAgent }));
      },
    }),
    operation({
      ...common,
      method: "delete",
      path: "/api/v1/session",
      id: "signOut",
      summary: "Ends the session of the token or the cookie; its sockets close.",
      caller: byTokenOrCookie(deps),
      body: noBody,
      answers: { statuses: { 204: "It is ended." }, schema: noBody },
      handle: async ({ caller: sessions, address, requestId }) => {
        for (const session of sessions) await endSession(deps, session, { address, requestId });
        return { status: 204, headers: { "Set-Cookie": endedRefreshCookie(publicUrl) } };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session/ticket",
      id: "issueTicket",
      summary: "A ticket that opens one socket within 30 s.",
      caller: byPerson(deps),
      body: noBody,
      answers: { statuses: { 200: "The ticket." }, schema: ticketAnswer },
      handle: async ({ caller }) => ({ status: 200, body: await issueSocketTicket(deps, caller) }),
    }),
  ];
}

/** A session as it is answered: the refresh token goes into the cookie, where there is a new one. */
export function granted(
  { config }: Pick<HttpDependencies, "config">,
  { answer, refreshToken, refreshEndsAt }: ContinuedGrant,
): Answer<SessionAnswer> {
  if (refreshToken === undefined) return { status: 200, body: answer };
  return { status: 200, body: answer, headers: { "Set-Cookie": refreshCookie(config.publicUrl, refreshToken, refreshEndsAt) } };
}

/** The sessions that the caller shows to be theirs. A page that lost its access token must still be able to sign out. */
function byTokenOrCookie(deps: HttpDependencies): Caller<string[]> {
  const { publicUrl } = deps.config;
  return {
    security: [{ accessToken: [] }, { refreshCookie: [] }],
    needs: "own",
    find: async (request) => {
      refuseForeignOrigin(request, publicUrl);
      const token = bearerToken(request);
      const cookie = parseCookie(request.get("cookie") ?? "")[refreshCookieName(publicUrl)];
      const ofCookie = cookie === undefined ? undefined : await sessionOfRefreshToken(deps, cookie);
      if (token === undefined && ofCookie === undefined) throw unauthenticated();
      // With the cookie, an access token that has expired is no obstacle.
      const ofToken =
        token === undefined
          ? undefined
          : await signedInOfToken(deps, token).then(
              ({ session }) => session,
              (refused: unknown) => {
                if (ofCookie === undefined) throw refused;
                return undefined;
              },
            );
      return [ofCookie, ofToken].filter((session) => session !== undefined);
    },
  };
}
