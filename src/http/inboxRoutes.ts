import { z } from "zod";
import { type PublicInbox, prechatTypes } from "../protocol/inbox.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Caller } from "./callers.ts";
import type { HttpDependencies } from "./dependencies.ts";
import { noBody, type Operation, operation } from "./operation.ts";
import { instant } from "./schemas.ts";

/** Whoever asks: what is answered is public, and the same for everybody. */
const anybody: Caller<undefined> = { security: [], needs: "anybody", find: async () => undefined };

const keyParams = z.strictObject({ key: z.string().max(200) });
const languagesQuery = z.strictObject({
  languages: z
    .string()
    .max(400)
    .optional()
    .meta({ description: "What the visitor reads, the best first, with commas between: the page's language, then the browser's." }),
});

const themeColours = z.strictObject({ accent: z.string(), onAccent: z.string() });

const publicInboxAnswer = z
  .strictObject({
    name: z.string(),
    languages: z.array(z.string()).meta({ description: "In which the greeting is written." }),
    language: z.string().meta({ description: "That of the texts here." }),
    greeting: z.string(),
    open: z.boolean().meta({ description: "Whether a person could answer now." }),
    opensAt: instant.nullable(),
    prechat: z
      .strictObject({
        title: z.string(),
        fields: z.array(z.strictObject({ name: z.string(), label: z.string(), type: z.enum(prechatTypes), required: z.boolean() })),
        teams: z.array(z.strictObject({ key: z.string(), name: z.string() })),
      })
      .nullable(),
    proactive: z.array(z.strictObject({ pagePattern: z.string(), afterSeconds: z.int(), text: z.string() })),
    colour: z.string().nullable(),
    colours: z
      .strictObject({ light: themeColours, dark: themeColours })
      .nullable()
      .meta({ description: "The colour as the chat uses it: text on it and beside it can be read (WCAG AA)." }),
  })
  .meta({ id: "PublicInbox" }) satisfies z.ZodType<PublicInbox>;

/** A visit of the site asks once in so many seconds; what changes meanwhile, an open chat hears by its socket. */
const keptSeconds = 30;

/** What the embed script may ask before anything is stored: no cookie, no contact, from any site. */
export function inboxOperations(deps: Pick<HttpDependencies, "publicInbox">): Operation[] {
  return [
    operation({
      method: "get",
      path: "/api/v1/inboxes/{key}/public",
      id: "readPublicInbox",
      tag: "Inboxes",
      summary: "What a page may show of an inbox before the chat begins.",
      caller: anybody,
      params: keyParams,
      query: languagesQuery,
      body: noBody,
      answers: { statuses: { 200: "The inbox, in the first of these languages that it is written in." }, schema: publicInboxAnswer },
      handle: async ({ params, query }) => {
        const wanted = (query.languages ?? "")
          .split(",")
          .map((tag) => tag.trim())
          .filter((tag) => tag !== "");
        const body = await deps.publicInbox(params.key, wanted);
        if (body === undefined) throw new Refusal("not_found", "There is no such inbox.", { path: "key" });
        return {
          status: 200,
          body,
          headers: {
            "Access-Control-Allow-Origin": "*",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Cache-Control": `public, max-age=${keptSeconds}`,
          },
        };
      },
    }),
  ];
}
