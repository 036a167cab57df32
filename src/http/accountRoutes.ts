import { bySignedIn } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";
import { accountAnswer } from "./schemas.ts";

/** One's own account, whatever has to be done first. */
export function accountOperations(deps: HttpDependencies): Operation[] {
  const common = { tag: "Account", params: nothing, query: nothing } as const;
  return [
    operation({
      ...common,
      method: "get",
      path: "/api/v1/account",
      id: "readAccount",
      summary: "Who you are, and what you must do before anything else.",
      caller: bySignedIn(deps),
      body: noBody,
      answers: { statuses: { 200: "Your account." }, schema: accountAnswer },
      handle: async ({ caller: { account, name, email, tenant, next } }) => ({
        status: 200,
        body: { id: account, name, email, tenant: tenant?.slug ?? null, next },
      }),
    }),
  ];
}
