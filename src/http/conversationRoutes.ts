import { readingReach } from "../access/roles/reachStore.ts";
import { listConversations } from "../conversations/conversationListStore.ts";
import { byToken } from "./callers.ts";
import { conversationsAnswer, conversationsQuery } from "./conversationSchemas.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

/** The tenant's conversations, for whoever pages through them: the desk's lists of open ones come live by its socket. */
export function conversationOperations(deps: HttpDependencies): Operation[] {
  return [
    operation({
      method: "get",
      path: "/api/v1/conversations",
      id: "listConversations",
      tag: "Conversations",
      summary: "The conversations, open and closed.",
      caller: byToken(deps, "conversations.read"),
      params: nothing,
      query: conversationsQuery,
      body: noBody,
      answers: { statuses: { 200: "A page of them, the newest first where nothing else is asked." }, schema: conversationsAnswer },
      handle: async ({ caller, query }) => {
        return { status: 200, body: await listConversations(deps.database.forTenant(caller.tenant), readingReach(caller), query) };
      },
    }),
  ];
}
