/** Google, Facebook, an OpenID Connect provider: who says who somebody is, once they let it. */
export interface Provider {
  /** Stands in the address to which it sends the browser back, one for each provider, so that none is taken for another (RFC 9700, 4.4.2.2). */
  place: string;
  /** As its button says it. */
  name: string;
  /** Where the browser goes. Refusal `unavailable`. */
  addressOf(attempt: Attempt): Promise<URL>;
  /** Who came back. Refusals: `forbidden` where they said no, `invalid_credentials` where the answer can't be trusted, `unavailable`. */
  identify(returned: URL, attempt: Attempt): Promise<ProvidedIdentity>;
}

/** What one way there and back is bound to; the verifier never reaches the browser. */
export interface Attempt {
  state: string;
  nonce: string;
  verifier: string;
  redirectUri: string;
  /** Whether they shall say who they are though the provider knows it already. */
  again: boolean;
}

/** What a provider says of a person: issuer and subject name them, everything else is hearsay. */
export interface ProvidedIdentity {
  issuer: string;
  subject: string;
  email: string | undefined;
  /** Whether the provider vouches for the address. */
  emailVerified: boolean;
  name: string | undefined;
}

/**
 * What a provider says of a person, as it can be kept: a subject as the specification has it (OpenID Connect Core, 2: 255 ASCII characters at most),
 * and an address that is one. Undefined where there is no such subject.
 */
export function readIdentity(said: {
  issuer: string;
  subject: unknown;
  email: unknown;
  emailVerified: boolean;
  name: unknown;
}): ProvidedIdentity | undefined {
  const { issuer, subject, email, emailVerified, name } = said;
  if (typeof subject !== "string" || !/^[\x20-\x7e]{1,255}$/.test(subject)) return undefined;
  const isAddress = typeof email === "string" && email.length <= 254 && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email);
  return {
    issuer,
    subject,
    email: isAddress ? email : undefined,
    emailVerified: isAddress && emailVerified,
    name: typeof name === "string" ? name : undefined,
  };
}

/** The providers of the whole installation. */
export const places = ["google", "facebook", "openid"] as const;

/** How the providers of the installation are reached, from the environment. */
export interface ProviderSettings {
  google?: OpenIdSettings;
  facebook?: FacebookSettings;
  openid?: OpenIdSettings & { name: string };
}

export interface OpenIdSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
}

export interface FacebookSettings {
  clientId: string;
  clientSecret: string;
  /** Where people say yes, and where programs ask; Facebook's own unless a test has others. */
  dialogUrl: string;
  graphUrl: string;
}
