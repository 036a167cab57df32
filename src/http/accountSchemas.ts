import { z } from "zod";
import { email, instant, nextStep, password } from "./schemas.ts";

const token = z.string().min(1, "the link's token is needed").max(200, "this is no token of ours");
const shortName = z.string().min(1, "a name is needed").max(80, "80 characters is the limit");

export const registrationBody = z.strictObject({ email, password, name: shortName }).meta({ id: "Registration" });
export const tokenBody = z.strictObject({ token }).meta({ id: "MailedToken" });
export const emailBody = z.strictObject({ email }).meta({ id: "MailAddress" });
export const newPasswordBody = z.strictObject({ token, password }).meta({ id: "NewPassword" });
/** Missing where the account has none, and its person comes by a provider. */
const ownPassword = password.optional();
export const emailChangeBody = z.strictObject({ email, password: ownPassword }).meta({ id: "EmailChange" });
export const passwordBody = z.strictObject({ password: ownPassword }).meta({ id: "Password" });
export const nameBody = z.strictObject({ name: shortName }).meta({ id: "Name" });

export const mailedAnswer = z.strictObject({ message: z.string() }).meta({ id: "Mailed" });
export const confirmedAnswer = z.strictObject({ email: z.string() }).meta({ id: "Confirmed" });

export const accountAnswer = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    tenant: z.string().nullable().meta({ description: "The slug of the tenant that this session is in." }),
    tenants: z.array(z.strictObject({ slug: z.string(), name: z.string(), roles: z.array(z.string()) })),
    next: nextStep,
  })
  .meta({ id: "Account" });

export const sessionsAnswer = z
  .strictObject({
    items: z.array(
      z.strictObject({
        id: z.uuid(),
        userAgent: z.string(),
        address: z.string(),
        createdAt: instant,
        activeAt: instant,
        endsAt: instant,
        current: z.boolean().meta({ description: "Whether it is the one that asks." }),
      }),
    ),
  })
  .meta({ id: "Sessions" });

export const endedAnswer = z.strictObject({ ended: z.int() }).meta({ id: "EndedSessions" });

const slug = z.string().max(40, "40 characters is the limit");
const timeZone = z
  .string()
  .max(60, "60 characters is the limit")
  .meta({ examples: ["Europe/Lisbon"] });
const language = z.enum(["en", "pt-BR", "es", "fr", "de"]);

export const newTenantBody = z.strictObject({ name: shortName, slug, timeZone, language }).meta({ id: "NewTenant" });
export const tenantChoiceBody = z.strictObject({ tenant: slug }).meta({ id: "TenantChoice" });
export const tenantDeletionBody = z.strictObject({ slug, password: ownPassword }).meta({ id: "TenantDeletion" });

export const exportAnswer = z
  .strictObject({ exportedAt: instant, account: z.looseObject({ id: z.uuid() }), tables: z.record(z.string(), z.array(z.looseObject({}))) })
  .meta({ id: "AccountExport", description: "Everything that is kept about you, by table, without secrets." });
