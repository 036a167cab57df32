import { AuthorizationResponseError, ResponseBodyError } from "openid-client";
import { z } from "zod";
import { Refusal } from "../../protocol/refusal.ts";

const withCode = z.object({ code: z.string().optional(), cause: z.unknown() });
const claimNamed = z.object({ claim: z.string() });

/** What is wrong with an ID token, by the claim that doesn't fit. */
const wrongClaim: Readonly<Record<string, string>> = {
  nonce: "it was made for another sign-in",
  aud: "it was made for another program",
  azp: "it was made for another program",
  iss: "somebody else made it",
  exp: "it has expired; is the clock right on both sides?",
  iat: "it is from another time; is the clock right on both sides?",
  nbf: "it doesn't count yet; is the clock right on both sides?",
};

/** What a person is told where signing in by OpenID Connect didn't work; what the provider wrote itself is neither told nor kept. */
export function refusalOfOpenId(error: unknown, name: string): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof AuthorizationResponseError) return refusalOfAnswer(error.error, name);
  if (error instanceof ResponseBodyError) return refusalOfToken(error.error, name);
  const { code, cause } = withCode.safeParse(error).data ?? {};
  const asked = refusalIn(cause);
  if (asked !== undefined)
    return new Refusal(asked.code, asked.code === "unavailable" ? `${name} doesn't answer at the moment; try again soon.` : asked.message);
  switch (code) {
    case "OAUTH_TIMEOUT":
    case "OAUTH_ABORT":
    case "OAUTH_RESPONSE_IS_NOT_CONFORM":
    case "OAUTH_RESPONSE_IS_NOT_JSON":
    case "OAUTH_PARSE_ERROR":
      return new Refusal("unavailable", `${name} gave no proper answer; try again soon.`);
    case "OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED":
      return new Refusal("unavailable", `What ${name} says of itself is another's: its issuer is not the one that is set here.`);
    case "OAUTH_MISSING_SERVER_METADATA":
    case "OAUTH_INVALID_SERVER_METADATA":
      return new Refusal("unavailable", `${name} doesn't say where people sign in there: it is set up wrongly.`);
    default:
      return untrusted(name, whyOf(code, cause));
  }
}

function refusalOfAnswer(error: string, name: string): Refusal {
  if (error === "access_denied") return new Refusal("forbidden", `You didn't let ${name} say who you are: nothing was done.`);
  if (error === "temporarily_unavailable" || error === "server_error")
    return new Refusal("unavailable", `${name} can't sign people in at the moment; try again soon.`);
  return new Refusal("forbidden", `${name} didn't sign you in${spelled(error)}: begin again.`);
}

function refusalOfToken(error: string, name: string): Refusal {
  if (error === "invalid_grant") return untrusted(name, "its code was used already, or came too late");
  if (error === "invalid_client" || error === "unauthorized_client")
    return new Refusal("unavailable", `${name} doesn't know this Switchboard: its client id or secret is set wrongly here.`);
  return new Refusal("unavailable", `${name} refused to say who you are${spelled(error)}.`);
}

function whyOf(code: string | undefined, cause: unknown): string {
  const detail = cause instanceof Error ? cause.cause : cause;
  const claim = claimNamed.safeParse(detail).data?.claim;
  const why = claim === undefined ? undefined : wrongClaim[claim];
  if (why !== undefined) return why;
  if (code === "OAUTH_KEY_SELECTION_FAILED") return "it is signed with a key that isn't there";
  return "it isn't what was asked for, or isn't signed as it must be";
}

/** What an answer is told that proves nothing. */
export function untrusted(name: string, why: string): Refusal {
  return new Refusal("invalid_credentials", `The answer of ${name} can't be trusted: ${why}. Nothing was done; begin again.`);
}

/** The library wraps what `ask` throws. */
function refusalIn(cause: unknown): Refusal | undefined {
  if (cause instanceof Refusal) return cause;
  return cause instanceof Error ? refusalIn(cause.cause) : undefined;
}

/** An error's code, as the specification writes them; never a text, which anybody may put into an address. */
function spelled(error: string): string {
  return /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : "";
}
