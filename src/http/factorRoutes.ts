import { beginEnrolment, confirmEnrolment, renewRecoveryCodes, secondFactorOf } from "../access/factors/enrolSecondFactor.ts";
import { confirmFactorReset } from "../access/factors/resetSecondFactor.ts";
import { showSecondFactor } from "../access/factors/showSecondFactor.ts";
import { stepUp } from "../access/factors/stepUp.ts";
import { goOn } from "../access/sessions/goOn.ts";
import { accountOutside } from "./accountRoutes.ts";
import { tokenBody } from "./accountSchemas.ts";
import { bySignedIn, fromOurPages } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import {
  codeBody,
  enrolmentAnswer,
  recoveryCodesAnswer,
  resetAnswer,
  secondFactorAnswer,
  stepUpAnswer,
  stepUpBody,
} from "./factorSchemas.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { refreshCookieName } from "./refreshCookie.ts";
import { sessionAnswer } from "./schemas.ts";
import { granted } from "./sessionRoutes.ts";

/** The second factor: shown at sign-in, said again, set up, and its recovery codes. */
export function factorOperations(deps: HttpDependencies): Operation[] {
  const { publicUrl } = deps.config;
  const common = { tag: "Session", caller: bySignedIn(deps), params: nothing, query: nothing } as const;
  const mine = { ...common, tag: "Account" } as const;

  return [
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session/second-factor",
      id: "showSecondFactor",
      summary: "The second half of a sign-in, within 5 minutes and 5 tries of the first.",
      body: codeBody,
      answers: { statuses: { 200: "The session, with what comes next." }, schema: sessionAnswer },
      handle: async ({ caller, body, cookies, address, requestId, userAgent }) => {
        await showSecondFactor(deps, caller, body.code);
        const asked = { address, requestId, userAgent };
        return granted(deps, await goOn(deps, caller.session, cookies[refreshCookieName(publicUrl)], asked));
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session/step-up",
      id: "stepUp",
      summary: "Says again who you are: for 5 minutes, what answers `step_up_needed` is possible.",
      body: stepUpBody,
      answers: { statuses: { 200: "Until when." }, schema: stepUpAnswer },
      handle: async ({ caller, body }) => ({ status: 200, body: await stepUp(deps, caller, body) }),
    }),
    operation({
      ...mine,
      method: "get",
      path: "/api/v1/account/second-factor",
      id: "getSecondFactor",
      summary: "How your second factor stands.",
      body: noBody,
      answers: { statuses: { 200: "How it stands." }, schema: secondFactorAnswer },
      handle: async ({ caller }) => ({ status: 200, body: await secondFactorOf(deps, caller) }),
    }),
    operation({
      ...mine,
      method: "post",
      path: "/api/v1/account/second-factor",
      id: "beginSecondFactor",
      stepUp: true,
      summary: "Begins to set up a second factor, or another one; needs a step-up.",
      body: noBody,
      answers: { statuses: { 201: "What the authenticator needs, shown once." }, schema: enrolmentAnswer },
      handle: async ({ caller }) => ({ status: 201, body: await beginEnrolment(deps, caller) }),
    }),
    operation({
      ...mine,
      method: "post",
      path: "/api/v1/account/second-factor/confirm",
      id: "confirmSecondFactor",
      summary: "The first code puts it in force; your other sessions end.",
      body: codeBody,
      answers: { statuses: { 200: "The recovery codes, shown once." }, schema: recoveryCodesAnswer },
      handle: async ({ caller, body }) => ({ status: 200, body: await confirmEnrolment(deps, caller, body.code) }),
    }),
    operation({
      ...mine,
      method: "post",
      path: "/api/v1/account/second-factor/recovery-codes",
      id: "renewRecoveryCodes",
      stepUp: true,
      summary: "Ten new recovery codes in the place of those before; needs a step-up.",
      body: noBody,
      answers: { statuses: { 200: "The recovery codes, shown once." }, schema: recoveryCodesAnswer },
      handle: async ({ caller }) => ({ status: 200, body: await renewRecoveryCodes(deps, caller) }),
    }),
    operation({
      ...mine,
      caller: fromOurPages(publicUrl),
      method: "post",
      path: "/api/v1/account/second-factor/reset",
      id: "confirmSecondFactorReset",
      summary: "Confirms by a mailed link's token the reset that an admin began; it happens a day later.",
      body: tokenBody,
      answers: { statuses: { 200: "When it happens." }, schema: resetAnswer },
      handle: async ({ body, address, requestId }) => {
        const resetAt = await confirmFactorReset(accountOutside(deps), body.token, { address, requestId });
        return { status: 200, body: { resetAt: resetAt.toISOString() } };
      },
    }),
  ];
}
