import type { AccountOutside } from "../access/accounts/accountOutside.ts";
import { askForEmailChange, confirmEmail } from "../access/accounts/confirmEmail.ts";
import { registerAccount, resendVerification } from "../access/accounts/registerAccount.ts";
import { askForReset, resetPassword } from "../access/accounts/resetPassword.ts";
import {
  confirmedAnswer,
  emailBody,
  emailChangeBody,
  mailedAnswer,
  newPasswordBody,
  registrationBody,
  tokenBody,
} from "./accountSchemas.ts";
import { bySignedIn, fromOurPages } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

/** The same for an address that has an account and one that has none. */
const mailed = { status: 202, body: { message: "Look into your mail: what to do next stands there." } };
const mailedAnswers = { statuses: { 202: "Where this leads on, a mail says how; the answer is always the same." }, schema: mailedAnswer };

export function accountOutside(deps: HttpDependencies): AccountOutside {
  return { ...deps, publicUrl: deps.config.publicUrl, mailOff: deps.mailOff };
}

/** What is done by mailed links: registration, confirming an address, a new password. */
export function accountOperations(deps: HttpDependencies): Operation[] {
  const outside = accountOutside(deps);
  const anybody = { tag: "Account", params: nothing, query: nothing, caller: fromOurPages(deps.config.publicUrl) } as const;
  const signedIn = { ...anybody, caller: bySignedIn(deps) } as const;

  return [
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/account",
      id: "register",
      summary: "Makes an account and mails the link that confirms its address.",
      body: registrationBody,
      answers: mailedAnswers,
      handle: async ({ body, address, requestId }) => {
        await registerAccount(outside, body, { address, requestId });
        return mailed;
      },
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/account/confirmation",
      id: "confirmEmail",
      summary: "Confirms an address by the token of a mailed link.",
      body: tokenBody,
      answers: { statuses: { 200: "The address that counts from now on." }, schema: confirmedAnswer },
      handle: async ({ body, address, requestId }) => ({
        status: 200,
        body: { email: await confirmEmail(outside, body.token, { address, requestId }) },
      }),
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/account/password/link",
      id: "askForReset",
      summary: "Mails the link with which a new password is chosen.",
      body: emailBody,
      answers: mailedAnswers,
      handle: async ({ body, address, requestId }) => {
        await askForReset(outside, body.email, { address, requestId });
        return mailed;
      },
    }),
    operation({
      ...anybody,
      method: "post",
      path: "/api/v1/account/password",
      id: "resetPassword",
      summary: "Chooses a new password by the token of a mailed link; all sessions end.",
      body: newPasswordBody,
      answers: { statuses: { 204: "The new password counts." }, schema: noBody },
      handle: async ({ body, address, requestId }) => {
        await resetPassword(outside, body, { address, requestId });
        return { status: 204 };
      },
    }),
    operation({
      ...signedIn,
      method: "post",
      path: "/api/v1/account/confirmation/link",
      id: "resendConfirmation",
      summary: "Mails the link that confirms your address once more.",
      body: noBody,
      answers: mailedAnswers,
      handle: async ({ caller }) => {
        await resendVerification(outside, caller);
        return mailed;
      },
    }),
    operation({
      ...signedIn,
      method: "post",
      path: "/api/v1/account/email/link",
      id: "askForEmailChange",
      stepUp: true,
      summary: "Mails a link to your new address, which counts once it is opened; the old one is told.",
      body: emailChangeBody,
      answers: mailedAnswers,
      handle: async ({ caller, body, address, requestId }) => {
        await askForEmailChange(outside, caller, body, { address, requestId });
        return mailed;
      },
    }),
  ];
}
