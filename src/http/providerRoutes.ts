import { answerFlow } from "../access/providers/answerFlow.ts";
import { beginFlow, offeredProvider } from "../access/providers/beginFlow.ts";
import { beginLink, readWaysIn, unlinkIdentity } from "../access/providers/linkIdentity.ts";
import { knownDevice, newDevice } from "../access/sessions/knownDevice.ts";
import { beginSso } from "../access/sso/beginSso.ts";
import { confirmIdentity } from "../access/sso/confirmIdentity.ts";
import type { FlowEnded } from "../protocol/access.ts";
import { accountOutside } from "./accountRoutes.ts";
import { confirmedAnswer, tokenBody } from "./accountSchemas.ts";
import { bySignedIn, fromOurPages } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { type Answer, noBody, nothing, type Operation, operation } from "./operation.ts";
import {
  beginBody,
  begunAnswer,
  endedFlowAnswer,
  linkBody,
  providersAnswer,
  returnBody,
  ssoBody,
  waysInAnswer,
} from "./providerSchemas.ts";
import { deviceCookie, deviceCookieName, flowCookie, flowCookieName, refreshCookie } from "./refreshCookie.ts";
import { idParams } from "./schemas.ts";

/** Signing in by Google, Facebook or an OpenID Connect provider, and what is linked with one's account. */
export function providerOperations(deps: HttpDependencies): Operation[] {
  const { publicUrl } = deps.config;
  const outside = accountOutside(deps);
  const anybody = { tag: "Session", params: nothing, query: nothing, caller: fromOurPages(publicUrl) } as const;
  const mine = { tag: "Account", params: nothing, query: nothing, caller: bySignedIn(deps) } as const;
  const begun = ({ address, browser }: { address: string; browser: string }) => ({
    status: 200,
    body: { address },
    headers: { "Set-Cookie": flowCookie(publicUrl, browser) },
  });

  return [
    operation({
      ...anybody,
      method: "get",
      path: "/api/v1/session/providers",
      id: "listProviders",
      summary: "By whom one can sign in here beside a password.",
      body: noBody,
      answers: { statuses: { 200: "Those that are set up." }, schema: providersAnswer },
      handle: async () => ({
        status: 200,
        body: { items: deps.providers.offered.map(({ place, name }) => ({ provider: place, name })) },
      }),
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/session/provider",
      id: "beginProviderSignIn",
      summary: "Begins to sign in by a provider, or to register: answers where the browser goes.",
      body: beginBody,
      answers: { statuses: { 200: "Where it goes on." }, schema: begunAnswer },
      handle: async ({ body, cookies, address, requestId }) => {
        const { provider: place, purpose, back, again } = body;
        const flow = { provider: offeredProvider(outside, place), purpose, back, again, browser: cookies[flowCookieName(publicUrl)] };
        return begun(await beginFlow(outside, flow, { address, requestId }));
      },
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/session/sso",
      id: "beginSingleSignOn",
      summary: "Begins to sign in by a workspace's single sign-on: answers where the browser goes.",
      body: ssoBody,
      answers: { statuses: { 200: "Where it goes on." }, schema: begunAnswer },
      handle: async ({ body, cookies, address, requestId }) =>
        begun(await beginSso(outside, { ...body, browser: cookies[flowCookieName(publicUrl)] }, { address, requestId })),
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/session/provider/return",
      id: "endProviderSignIn",
      summary: "What the browser brought back from a provider; the refresh token comes as a cookie where a session begins.",
      body: returnBody,
      answers: { statuses: { 200: "What came of it." }, schema: endedFlowAnswer },
      handle: async ({ body, cookies, address, requestId, userAgent }): Promise<Answer<FlowEnded>> => {
        const answer = { ...body, browser: cookies[flowCookieName(publicUrl)] };
        const outcome = await answerFlow(outside, answer, { address, requestId, userAgent });
        const { done, back } = outcome;
        if (outcome.done !== "signedIn") return { status: 200, body: { done, back, session: null } };
        const { grant } = outcome;
        const { email } = grant.answer.account;
        const known = knownDevice(deps.keys, email, cookies[deviceCookieName(publicUrl)]) !== undefined;
        const device = known ? [] : deviceCookie(publicUrl, newDevice(deps.keys, email));
        return {
          status: 200,
          body: { done, back, session: grant.answer },
          headers: { "Set-Cookie": [refreshCookie(publicUrl, grant.refreshToken, grant.refreshEndsAt)].concat(device) },
        };
      },
    }),
    operation({
      ...mine,
      method: "get",
      path: "/api/v1/account/identities",
      id: "listWaysIn",
      summary: "The ways in to your account.",
      body: noBody,
      answers: { statuses: { 200: "The ways in." }, schema: waysInAnswer },
      handle: async ({ caller }) => {
        const { password, identities } = await readWaysIn(deps, caller);
        const items = identities.map(({ linkedAt, usedAt, ...each }) => ({
          ...each,
          linkedAt: linkedAt.toISOString(),
          usedAt: usedAt?.toISOString() ?? null,
        }));
        return { status: 200, body: { password, identities: items } };
      },
    }),
    operation({
      ...mine,
      method: "post",
      path: "/api/v1/account/identities",
      id: "beginLink",
      stepUp: true,
      summary: "Begins to link a provider with your account; needs a step-up.",
      body: linkBody,
      answers: { statuses: { 200: "Where it goes on." }, schema: begunAnswer },
      handle: async ({ caller, body, cookies, address, requestId }) => {
        const browser = cookies[flowCookieName(publicUrl)];
        return begun(await beginLink(outside, caller, { place: body.provider, browser }, { address, requestId }));
      },
    }),
    operation({
      ...anybody,
      tag: "Account",
      method: "post",
      path: "/api/v1/account/identities/confirmation",
      id: "confirmIdentity",
      summary: "Confirms by a mailed link's token that a single sign-on opens one's account.",
      body: tokenBody,
      answers: { statuses: { 200: "The address of the account." }, schema: confirmedAnswer },
      handle: async ({ body, address, requestId }) => ({
        status: 200,
        body: { email: await confirmIdentity(outside, body.token, { address, requestId }) },
      }),
    }),
    operation({
      ...mine,
      method: "delete",
      path: "/api/v1/account/identities/{id}",
      id: "unlink",
      stepUp: true,
      summary: "Unlinks a provider from your account, unless it is the last way in; needs a step-up.",
      params: idParams,
      body: noBody,
      answers: { statuses: { 204: "It is unlinked." }, schema: noBody },
      handle: async ({ caller, params }) => {
        await unlinkIdentity(outside, caller, params.id);
        return { status: 204 };
      },
    }),
  ];
}
