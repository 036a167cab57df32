import { z } from "zod";
import type { ChatPlace } from "../../src/channels/chatEvent.ts";
import type { ChatHouse } from "../../src/channels/chatHouse.ts";
import { type Address, type ChatApp, ChatFailure, type ChatService, type Installation } from "../../src/channels/chatService.ts";
import type { Drawing } from "../../src/channels/drawing.ts";
import type { AccessTokens } from "./accessTokens.ts";
import { type Connector, openConnector } from "./botbuilder.ts";
import { allowedAddress, type TeamsCloud } from "./cloud.ts";
import { most } from "./limits.ts";
import { present } from "./present.ts";
import { consentCard, fetchTeamsFile } from "./teamsFiles.ts";

export interface TeamsOutside {
  cloud: TeamsCloud;
  tokens: AccessTokens;
  house: Pick<ChatHouse, "offerFile">;
}

const member = z.looseObject({
  name: z.string().default(""),
  email: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  tenantId: z.string().nullish(),
  userRole: z.string().nullish(),
});

/** Between the chat to which a message for one person went, and its id there. */
const elsewhere = "|";

/** Teams as Switchboard writes to it. A message can't be looked up by a mark of ours, so that an outcome that isn't known stays so. */
export function teamsChat(outside: TeamsOutside): ChatService {
  const chat: ChatService = {
    name: "teams",
    perSecond: outside.cloud.perSecond,
    post: async (to, drawing) => {
      if (to.only === undefined || to.place.scope === "personal") return await sent(outside, to, present(drawing));
      // Teams shows nobody a message alone in a chat of many: it goes to their own, and says so.
      const place = await chat.placeOf(to.installation, to.only, undefined);
      const id = await sent(outside, { ...to, place }, present(forOne(drawing)));
      return `${place.room}${elsewhere}${id}`;
    },
    change: async (to, message, drawing) => {
      const [conversation, id, isElsewhere] = messageOf(to, message);
      const connector = await connectorFor(outside, to.installation.app, to.place);
      await connector.change(conversation, id, present(isElsewhere ? forOne(drawing) : drawing));
    },
    remove: async (to, message) => {
      const [conversation, id] = messageOf(to, message);
      const connector = await connectorFor(outside, to.installation.app, to.place);
      await connector.remove(conversation, id);
    },
    // An app hands files to people alone.
    mostBytesOfFile: ({ scope }) => (scope === "personal" ? most.fileBytes : 0),
    sendFile: async (to, file) => {
      if (to.place.scope !== "personal") throw new ChatFailure("refused", "Teams takes files in a person's own chat alone.");
      const offer = await outside.house.offerFile(to.installation, conversationOf(to.place), file.id);
      return await sent(outside, to, consentCard(file, offer));
    },
    placeOf: async ({ app, workspace }, user, known) => {
      if (known?.scope === "personal") return known;
      const serviceUrl = known?.service?.["serviceUrl"] ?? outside.cloud.serviceUrl;
      const service = { serviceUrl };
      const connector = await connectorFor(outside, app, { service });
      return { room: await connector.converseWith(user, workspace), scope: "personal", service };
    },
    fetchFile: ({ app }, url, mostBytes) => fetchTeamsFile(outside, app, url, mostBytes),
    person: async (installation, user) => {
      try {
        const place = await chat.placeOf(installation, user, undefined);
        const connector = await connectorFor(outside, installation.app, place);
        const { name, email, userPrincipalName, tenantId, userRole } = member.parse(await connector.member(place.room, user));
        const mail = email ?? userPrincipalName;
        const isOurs = tenantId === installation.workspace && userRole !== "guest" && userRole !== "anonymous";
        return { name, ...(mail == null ? {} : { email: mail }), member: isOurs };
      } catch (error) {
        // Whom Teams doesn't find there is no member of the organisation.
        if (error instanceof ChatFailure && error.kind === "refused") return { name: "", member: false };
        throw error;
      }
    },
    check: async (installation: Installation) => {
      await outside.tokens.of(installation.app);
      return { name: installation.name };
    },
  };
  return chat;
}

export async function connectorFor(
  outside: Pick<TeamsOutside, "cloud" | "tokens">,
  app: ChatApp,
  { service }: Pick<ChatPlace, "service">,
): Promise<Connector> {
  const address = service?.["serviceUrl"] ?? outside.cloud.serviceUrl;
  const url = allowedAddress(outside.cloud, outside.cloud.serviceHosts, address);
  if (url === undefined) throw new ChatFailure("refused", "The address of this chat is not one of Microsoft's.");
  return await openConnector(outside, app, url.href);
}

/** Where Teams has a place: of a thread, the conversation that hangs on its first message. */
export function conversationOf({ room, thread }: ChatPlace): string {
  return thread === undefined ? room : `${room};messageid=${thread}`;
}

async function sent(outside: TeamsOutside, { installation, place }: Address, activity: object): Promise<string> {
  const connector = await connectorFor(outside, installation.app, place);
  return await connector.send(conversationOf(place), activity);
}

function messageOf({ place }: Address, message: string): [conversation: string, id: string, isElsewhere: boolean] {
  const at = message.lastIndexOf(elsewhere);
  return at === -1 ? [conversationOf(place), message, false] : [message.slice(0, at), message.slice(at + 1), true];
}

function forOne(drawing: Drawing): Drawing {
  return { ...drawing, author: { name: "Only for you, so it is here and not in the channel" } };
}
