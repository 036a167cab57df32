import { z } from "zod";
import { places } from "../access/providers/provider.ts";
import type { FlowBegun, FlowEnded, ProvidersAnswer, WaysIn } from "../protocol/access.ts";
import { instant, sessionAnswer } from "./schemas.ts";

const provider = z.enum(places).meta({ description: "One that is listed." });
const back = z.enum(["desk", "account"]).meta({ description: "Where the desk goes on: never an address." });

export const beginBody = z
  .strictObject({
    provider,
    purpose: z.enum(["signIn", "register"]).meta({ description: "Whether an account is made where there is none." }),
    back: back.default("desk"),
    again: z.boolean().default(false).meta({ description: "Whether the provider shall ask once more who they are." }),
  })
  .meta({ id: "SignInBegun" });
export const ssoBody = z
  .strictObject({
    workspace: z
      .string()
      .min(1, "the workspace's short name is needed")
      .max(254, "254 characters is the limit")
      .meta({ description: "Its short name, or one's mail address." }),
    back: back.default("desk"),
    again: z.boolean().default(false),
  })
  .meta({ id: "SingleSignOn" });
export const linkBody = z.strictObject({ provider }).meta({ id: "LinkBegun" });

export const returnBody = z
  .strictObject({
    place: z
      .string()
      .max(60, "this is no place of ours")
      .meta({ description: "Behind `/desk/signed-in/` in the address that it came back to." }),
    answer: z
      .string()
      .min(1, "the answer's query is needed")
      .max(8000, "8,000 characters is the limit")
      .meta({ description: "The query of that address, as it is." }),
  })
  .meta({ id: "ProviderReturn" });

export const providersAnswer = z
  .strictObject({ items: z.array(z.strictObject({ provider: z.string(), name: z.string() })) })
  .meta({ id: "Providers" }) satisfies z.ZodType<ProvidersAnswer>;

export const begunAnswer = z
  .strictObject({ address: z.string().meta({ description: "Of the provider, for this browser alone, for ten minutes." }) })
  .meta({ id: "ProviderAddress" }) satisfies z.ZodType<FlowBegun>;

export const endedFlowAnswer = z
  .strictObject({
    done: z.enum(["signedIn", "linked", "mailed"]),
    back,
    session: sessionAnswer.nullable().meta({ description: "Where somebody signed in." }),
  })
  .meta({ id: "SignInEnded" }) satisfies z.ZodType<FlowEnded>;

export const waysInAnswer = z
  .strictObject({
    password: z.boolean().meta({ description: "Whether there is a password." }),
    identities: z.array(
      z.strictObject({
        id: z.uuid(),
        provider: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        linkedAt: instant,
        usedAt: instant.nullable(),
      }),
    ),
  })
  .meta({ id: "WaysIn" }) satisfies z.ZodType<WaysIn>;
