import type { Activity, ConversationParameters, TurnContext } from "botbuilder";
import type { ChatApp } from "../../src/channels/chatService.ts";
import type { AccessTokens } from "./accessTokens.ts";
import type { TeamsCloud } from "./cloud.ts";
import { sendThrough } from "./connectorHttp.ts";

/** All that touches `botbuilder`: what else is in this folder knows the connector by these functions. It is read when it is first needed. */
export interface Connector {
  /** The id of what was written. */
  send(conversation: string, activity: object): Promise<string>;
  change(conversation: string, id: string, activity: object): Promise<void>;
  remove(conversation: string, id: string): Promise<void>;
  /** The id of the chat with this person. */
  converseWith(user: string, organisation: string): Promise<string>;
  member(conversation: string, user: string): Promise<unknown>;
}

/** The connector of its REST API's operations that the adapter keeps for a turn. */
interface Operations {
  conversations: {
    sendToConversation(conversation: string, activity: Partial<Activity>): Promise<{ id?: string }>;
    updateActivity(conversation: string, id: string, activity: Partial<Activity>): Promise<unknown>;
    deleteActivity(conversation: string, id: string): Promise<unknown>;
    getConversationMember(conversation: string, user: string): Promise<unknown>;
  };
}

/** Speaks for an app to a service whose address was looked at. Every failure is a `ChatFailure`. */
export async function openConnector(
  outside: { tokens: AccessTokens; cloud: TeamsCloud },
  app: ChatApp,
  serviceUrl: string,
): Promise<Connector> {
  // Before anything is sent, so that a failure here is known to have done nothing.
  const token = await outside.tokens.of(app);
  const { CloudAdapter, ConfigurationBotFrameworkAuthentication } = await import("botbuilder");
  const authentication = new ConfigurationBotFrameworkAuthentication(
    {},
    {
      isValidAppId: async (id = "") => id === app.appId,
      isAuthenticationDisabled: async () => false,
      createCredentials: async () => ({
        signRequest: async (request) => {
          request.headers.set("authorization", `Bearer ${token}`);
          return request;
        },
      }),
    },
    undefined,
    undefined,
    // Its own client asks again by itself where the answer was 429 or 5xx, and a message would be there twice.
    { httpClient: { sendRequest: (request) => sendThrough(request, () => outside.tokens.forget(app)) } },
  );
  const adapter = new CloudAdapter(authentication);
  const within = async <Result>(conversation: string, work: (operations: Operations) => Promise<Result>): Promise<Result> => {
    let result: { value: Result } | undefined;
    const reference = {
      channelId: "msteams",
      serviceUrl,
      conversation: { id: conversation, isGroup: false, conversationType: "", name: "" },
    };
    await adapter.continueConversationAsync(app.appId, reference, async (context: TurnContext) => {
      result = { value: await work(context.turnState.get<Operations>(adapter.ConnectorClientKey)) };
    });
    if (result === undefined) throw new Error("The adapter has not called back.");
    return result.value;
  };
  return {
    send: (conversation, activity) =>
      within(conversation, async ({ conversations }) => (await conversations.sendToConversation(conversation, activity)).id ?? ""),
    change: (conversation, id, activity) =>
      within(conversation, async ({ conversations }) => {
        await conversations.updateActivity(conversation, id, { ...activity, id });
      }),
    remove: (conversation, id) =>
      within(conversation, async ({ conversations }) => {
        await conversations.deleteActivity(conversation, id);
      }),
    member: (conversation, user) => within(conversation, ({ conversations }) => conversations.getConversationMember(conversation, user)),
    converseWith: async (user, organisation) => {
      let id = "";
      const parameters: ConversationParameters = {
        isGroup: false,
        bot: { id: `28:${app.appId}`, name: "" },
        members: [{ id: user, name: "" }],
        tenantId: organisation,
        channelData: { tenant: { id: organisation } },
      };
      await adapter.createConversationAsync(
        app.appId,
        "msteams",
        serviceUrl,
        "https://api.botframework.com",
        parameters,
        async (context) => {
          id = context.activity.conversation.id;
        },
      );
      return id;
    },
  };
}
