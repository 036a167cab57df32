import { readOwnAccount, renameOwnAccount } from "../access/ownAccount.ts";
import { endOwnSessions, listOwnSessions } from "../access/ownSessions.ts";
import { makeTenant, switchTenant } from "../access/ownTenants.ts";
import { accountAnswer, endedAnswer, nameBody, newTenantBody, sessionsAnswer, tenantChoiceBody } from "./accountSchemas.ts";
import { bySignedIn } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { idParams, sessionAnswer } from "./schemas.ts";

/** One's own account, sessions and tenants. */
export function ownOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Account", params: nothing, query: nothing, caller: bySignedIn(deps) } as const;

  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/account",
      id: "readAccount",
      summary: "Who you are, where you may work, and what you must do before anything else.",
      body: noBody,
      answers: { statuses: { 200: "Your account." }, schema: accountAnswer },
      handle: async ({ caller }) => ({ status: 200, body: await readOwnAccount(deps, caller) }),
    }),
    operation({
      ...common,
      method: "patch",
      path: "/api/v1/account",
      id: "renameAccount",
      summary: "Changes your name.",
      body: nameBody,
      answers: { statuses: { 200: "Your account." }, schema: accountAnswer },
      handle: async ({ caller, body }) => ({ status: 200, body: await renameOwnAccount(deps, caller, body.name) }),
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/sessions",
      id: "listSessions",
      summary: "Where you are signed in, the session used last first; ten at most.",
      body: noBody,
      answers: { statuses: { 200: "Your sessions." }, schema: sessionsAnswer },
      handle: async ({ caller }) => {
        const sessions = await listOwnSessions(deps, caller);
        const items = sessions.map(({ id, userAgent, address, createdAt, activeAt, endsAt, current }) => ({
          id,
          userAgent,
          address,
          createdAt: createdAt.toISOString(),
          activeAt: activeAt.toISOString(),
          endsAt: endsAt.toISOString(),
          current,
        }));
        return { status: 200, body: { items } };
      },
    }),
    operation({
      ...common,
      method: "delete",
      path: "/api/v1/sessions",
      id: "endOtherSessions",
      summary: "Ends all your sessions but this one.",
      body: noBody,
      answers: { statuses: { 200: "How many ended." }, schema: endedAnswer },
      handle: async ({ caller }) => ({ status: 200, body: { ended: await endOwnSessions(deps, caller, "others") } }),
    }),
    operation({
      ...common,
      method: "delete",
      path: "/api/v1/sessions/{id}",
      id: "endSession",
      summary: "Ends one of your sessions; its sockets close.",
      params: idParams,
      body: noBody,
      answers: { statuses: { 204: "It is ended." }, schema: noBody },
      handle: async ({ caller, params }) => {
        await endOwnSessions(deps, caller, params.id);
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/tenants",
      id: "makeTenant",
      summary: "Makes a tenant of your own; the session goes on in it, with a token for it.",
      body: newTenantBody,
      answers: { statuses: { 201: "The session, in the new tenant." }, schema: sessionAnswer },
      handle: async ({ caller, body }) => ({ status: 201, body: await makeTenant(deps, caller, body) }),
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/session/tenant",
      id: "switchTenant",
      summary: "Goes on in another tenant of yours, with a token for it.",
      body: tenantChoiceBody,
      answers: { statuses: { 200: "The session, in that tenant." }, schema: sessionAnswer },
      handle: async ({ caller, body }) => ({ status: 200, body: await switchTenant(deps, caller, body.tenant) }),
    }),
  ];
}
