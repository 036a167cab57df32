import { z } from "zod";
import { conversationList } from "../conversations/conversationListStore.ts";
import { instant, namesOf, pageQuery } from "./schemas.ts";

export const conversationsQuery = pageQuery(50, {
  fields: namesOf(conversationList),
  sort: "-closedAt",
  filter: '{"open": {"eq": false}, "contactName": {"startsWith": "a"}}',
});

const named = z.strictObject({ id: z.uuid(), name: z.string() });

const conversationItem = z
  .looseObject({
    id: z.uuid(),
    contact: named,
    inbox: named,
    team: z.string(),
    controller: z.enum(["bot", "queue", "agent"]),
    generation: z.int().meta({ description: "Counts the changes of the controller." }),
    agent: named.nullable(),
    open: z.boolean(),
    queuedAt: instant.nullable(),
    lastSeq: z.int(),
    lastText: z.string(),
    lastAuthor: z.enum(["visitor", "bot", "agent", "system"]).nullable(),
    lastAt: instant,
    unread: z.int().meta({ description: "What the visitor wrote and no agent has read." }),
    createdAt: instant,
    tags: z.array(z.uuid()),
    closedAt: instant.optional(),
    snoozedUntil: instant.optional().meta({ description: "Out of the lists until then, or until the visitor writes." }),
    participants: z.array(named).optional().meta({ description: "Colleagues who take part while another answers." }),
    muted: z.enum(["spam", "blocked", "merged"]).optional(),
  })
  .meta({ id: "Conversation" });

export const conversationsAnswer = z.strictObject({ items: z.array(conversationItem), nextCursor: z.string().nullable() });
