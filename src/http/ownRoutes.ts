import { z } from "zod";
import { deleteAccount, exportAccount } from "../access/accounts/deleteAccount.ts";
import { readOwnAccount, renameOwnAccount } from "../access/accounts/ownAccount.ts";
import { endOwnSessions, listOwnSessions } from "../access/sessions/ownSessions.ts";
import { deleteTenant } from "../access/tenants/deleteTenant.ts";
import { exportTenant } from "../access/tenants/exportTenant.ts";
import { makeTenant, switchTenant } from "../access/tenants/ownTenants.ts";
import { accountOutside } from "./accountRoutes.ts";
import {
  accountAnswer,
  endedAnswer,
  exportAnswer,
  nameBody,
  newTenantBody,
  passwordBody,
  sessionsAnswer,
  tenantChoiceBody,
  tenantDeletionBody,
} from "./accountSchemas.ts";
import { byPerson, bySignedIn, byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { endedRefreshCookie } from "./refreshCookie.ts";
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
      path: "/api/v1/account/export",
      id: "exportAccount",
      stepUp: true,
      summary: "Everything that is kept about you.",
      body: noBody,
      answers: { statuses: { 200: "The export." }, schema: exportAnswer },
      handle: async ({ caller }) => ({
        status: 200,
        body: await exportAccount(deps, caller),
        headers: { "Content-Disposition": 'attachment; filename="my-account.json"' },
      }),
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/account/deletion",
      id: "deleteAccount",
      stepUp: true,
      summary: "Deletes your account for good, with everything that is yours.",
      body: passwordBody,
      answers: { statuses: { 204: "It is gone." }, schema: noBody },
      handle: async ({ caller, body }) => {
        await deleteAccount(accountOutside(deps), caller, body.password);
        return { status: 204, headers: { "Set-Cookie": endedRefreshCookie(deps.config.publicUrl) } };
      },
    }),
    operation({
      ...common,
      method: "post",
      path: "/api/v1/tenant/deletion",
      id: "deleteTenant",
      stepUp: true,
      summary:
        "Deletes the tenant of this session for good: it is closed at once, and a job takes away everything in it. Only its owner may.",
      caller: byPerson(deps),
      body: tenantDeletionBody,
      answers: { statuses: { 200: "The session, without a tenant." }, schema: sessionAnswer },
      handle: async ({ caller, body }) => ({ status: 200, body: await deleteTenant(accountOutside(deps), caller, body) }),
    }),
    operation({
      ...common,
      method: "get",
      path: "/api/v1/tenant/export",
      id: "exportTenant",
      stepUp: true,
      summary: "Everything that is kept of the tenant of this session, without secrets: JSON, one row a line. Needs a step-up.",
      caller: byToken(deps, "tenant.manage"),
      body: noBody,
      answers: { statuses: { 200: "Each line names its table." }, schema: z.string(), mediaTypes: ["application/x-ndjson"] },
      handle: async ({ caller }) => ({
        status: 200,
        headers: { "Content-Type": "application/x-ndjson", "Content-Disposition": 'attachment; filename="workspace.ndjson"' },
        content: await exportTenant(deps, caller),
      }),
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
