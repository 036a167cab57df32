import { z } from "zod";
import type { ProviderSettings } from "./access/providers/provider.ts";
import { Refusal } from "./protocol/refusal.ts";

const text = z.string().max(1000).optional();
const base = z
  .string()
  .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), { error: "must be a URL that begins with https://" })
  .optional();

/** Who may say who somebody is, beside a password; a button stands where both the id and the secret are set. */
export const signInSettings = {
  GOOGLE_CLIENT_ID: [text, "sign-in with Google: the client's id; it comes back to PUBLIC_URL/desk/signed-in/google"],
  GOOGLE_CLIENT_SECRET: [text, "its secret"],
  GOOGLE_ISSUER: [base, "its issuer; https://accounts.google.com unless a test has another"],
  FACEBOOK_CLIENT_ID: [text, "sign-in with Facebook: the app's id; it comes back to PUBLIC_URL/desk/signed-in/facebook"],
  FACEBOOK_CLIENT_SECRET: [text, "its secret"],
  FACEBOOK_URL: [base, "where people allow it; https://www.facebook.com unless a test has another"],
  FACEBOOK_GRAPH_URL: [base, "where programs ask; https://graph.facebook.com unless a test has another"],
  OPENID_ISSUER: [base, "sign-in with any OpenID Connect provider: its issuer; it comes back to PUBLIC_URL/desk/signed-in/openid"],
  OPENID_CLIENT_ID: [text, "the client's id there"],
  OPENID_CLIENT_SECRET: [text, "its secret"],
  OPENID_NAME: [
    z.string().max(40, "must have at most 40 characters").optional(),
    "how its button says it; Single sign-on where it is missing",
  ],
} as const satisfies Record<string, readonly [z.ZodType, string]>;

/** For the shape of all settings. */
export const signInShape = {
  GOOGLE_CLIENT_ID: signInSettings.GOOGLE_CLIENT_ID[0],
  GOOGLE_CLIENT_SECRET: signInSettings.GOOGLE_CLIENT_SECRET[0],
  GOOGLE_ISSUER: signInSettings.GOOGLE_ISSUER[0],
  FACEBOOK_CLIENT_ID: signInSettings.FACEBOOK_CLIENT_ID[0],
  FACEBOOK_CLIENT_SECRET: signInSettings.FACEBOOK_CLIENT_SECRET[0],
  FACEBOOK_URL: signInSettings.FACEBOOK_URL[0],
  FACEBOOK_GRAPH_URL: signInSettings.FACEBOOK_GRAPH_URL[0],
  OPENID_ISSUER: signInSettings.OPENID_ISSUER[0],
  OPENID_CLIENT_ID: signInSettings.OPENID_CLIENT_ID[0],
  OPENID_CLIENT_SECRET: signInSettings.OPENID_CLIENT_SECRET[0],
  OPENID_NAME: signInSettings.OPENID_NAME[0],
};

type Values = z.output<z.ZodObject<typeof signInShape>>;

/** Refusal `invalid_value` where a half is missing, or production would ask without encryption. */
export function readSignInSettings(values: Values, stage: "development" | "production"): ProviderSettings {
  const both = (name: "GOOGLE" | "FACEBOOK" | "OPENID", clientId: string | undefined, clientSecret: string | undefined) => {
    if (clientId !== undefined && clientSecret !== undefined) return { clientId, clientSecret };
    if (clientId === undefined && clientSecret === undefined) return undefined;
    const missing = clientId === undefined ? "CLIENT_ID" : "CLIENT_SECRET";
    throw new Refusal("invalid_value", `The setting ${name}_${missing} is required beside the other one of this provider.`);
  };
  for (const name of ["GOOGLE_ISSUER", "FACEBOOK_URL", "FACEBOOK_GRAPH_URL", "OPENID_ISSUER"] as const) {
    if (stage === "production" && values[name]?.startsWith("http://") === true)
      throw new Refusal("invalid_value", `The setting ${name} must begin with https:// in production.`);
  }
  const google = both("GOOGLE", values.GOOGLE_CLIENT_ID, values.GOOGLE_CLIENT_SECRET);
  const facebook = both("FACEBOOK", values.FACEBOOK_CLIENT_ID, values.FACEBOOK_CLIENT_SECRET);
  const openid = both("OPENID", values.OPENID_CLIENT_ID, values.OPENID_CLIENT_SECRET);
  if ((openid === undefined) !== (values.OPENID_ISSUER === undefined))
    throw new Refusal(
      "invalid_value",
      "The setting OPENID_ISSUER is required beside OPENID_CLIENT_ID and OPENID_CLIENT_SECRET, and they beside it.",
    );
  return {
    ...(google === undefined ? {} : { google: { ...google, issuer: values.GOOGLE_ISSUER ?? "https://accounts.google.com" } }),
    ...(facebook === undefined
      ? {}
      : {
          facebook: {
            ...facebook,
            dialogUrl: values.FACEBOOK_URL?.replace(/\/+$/, "") ?? "https://www.facebook.com",
            graphUrl: values.FACEBOOK_GRAPH_URL?.replace(/\/+$/, "") ?? "https://graph.facebook.com",
          },
        }),
    ...(openid === undefined || values.OPENID_ISSUER === undefined
      ? {}
      : { openid: { ...openid, issuer: values.OPENID_ISSUER, name: values.OPENID_NAME ?? "Single sign-on" } }),
  };
}
