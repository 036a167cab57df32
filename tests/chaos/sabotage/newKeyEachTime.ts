import { randomUUID } from "node:crypto";
import { keys as real } from "../../../src/conversations/conversation.ts";

export * from "../../../src/conversations/conversation.ts";

/** Stands in for the real keys: what is sent again is another message. */
export const keys: typeof real = { ...real, visitor: (clientId) => `v:${randomUUID()}:${clientId}` };
