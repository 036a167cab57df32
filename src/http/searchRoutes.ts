import { z } from "zod";
import type { SearchAnswer } from "../protocol/search.ts";
import { search } from "../search/search.ts";
import { byToken } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, nothing, type Operation, operation } from "./operation.ts";

/** What was said, who said it, and where. */
export function searchOperations(deps: HttpDependencies): Operation[] {
  return [
    operation({
      method: "get",
      path: "/api/v1/search",
      id: "search",
      tag: "Search",
      summary: "Looks through messages, notes, contacts and conversations, each group the newest first.",
      caller: byToken(deps, "conversations.read"),
      params: nothing,
      query,
      body: noBody,
      answers: { statuses: { 200: "What was found; a message may be a second or so too new to be in it." }, schema: answer },
      handle: async ({ caller, query: asked }) => {
        return { status: 200, body: await search({ database: deps.database.aside }, caller, asked) };
      },
    }),
  ];
}

const query = z.strictObject({
  text: z
    .string("a text is needed")
    .max(200, "200 characters is the limit")
    .meta({
      description: 'Words that all stand there; "in quotes" together; of the last one the beginning is enough.',
      examples: ["late parc"],
    }),
  limit: z.coerce
    .number("a number from 1 to 50 is needed")
    .int("a whole number is needed")
    .min(1, "1 is the least")
    .max(50, "50 is the most")
    .default(20)
    .meta({ description: "Of each group." }),
  cursor: z.string().max(200).optional().meta({ description: "Of the page before: then only older messages are answered." }),
});

const instant = z.iso.datetime();
const hits = z.array(z.tuple([z.int(), z.int()])).meta({ description: "From and to, in UTF-16 units." });
const person = z.strictObject({ id: z.uuid(), name: z.string() });

const answer = z
  .strictObject({
    contacts: z.array(
      z.strictObject({
        id: z.uuid(),
        name: z.string(),
        email: z.string().nullable(),
        phone: z.string().nullable(),
        conversation: z.uuid().nullable(),
        hits,
      }),
    ),
    conversations: z.array(
      z.strictObject({
        id: z.uuid(),
        contact: person,
        team: z.string(),
        open: z.boolean(),
        lastText: z.string(),
        lastAt: instant,
        tags: z.array(z.uuid()),
      }),
    ),
    messages: z.array(
      z.strictObject({
        conversation: z.uuid(),
        contact: person,
        seq: z.int(),
        note: z.uuid().nullable().meta({ description: "Of an internal note its id, and `seq` is that of the message before it." }),
        author: z.strictObject({ kind: z.enum(["visitor", "bot", "agent", "system"]), name: z.string() }),
        excerpt: z.string(),
        hits,
        at: instant,
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "SearchAnswer" }) satisfies z.ZodType<SearchAnswer>;
