import { Refusal } from "../../protocol/refusal.ts";
import type { Statement } from "../queries/bindQuery.ts";
import { QueryFault, refusedQuery } from "../queries/queryFault.ts";

/** What a person is told of an error that has nothing to do with the dialect; `undefined` where it has. */
export function commonRefusal(thrown: unknown): Refusal | undefined {
  if (thrown instanceof Refusal) return thrown;
  const code = errorCode(thrown);
  const message = thrown instanceof Error ? thrown.message : "";
  const away = (text: string) => new Refusal("unavailable", text, { cause: thrown });
  switch (code) {
    case "ECONNREFUSED":
      return away("Nothing listens at the data source's host and port; is the database running?");
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return away("The data source doesn't answer; check its host, its port and its firewall.");
    case "ECONNRESET":
    case "EPIPE":
    case "PROTOCOL_CONNECTION_LOST":
      return away("The data source ended the connection; try again.");
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return tls("is signed by an authority that isn't known; enter that authority's certificate", thrown);
    case "CERT_HAS_EXPIRED":
      return tls("has expired", thrown);
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return tls("is for another name", thrown);
  }
  if (/timeout expired|connect ETIMEDOUT|timeout exceeded/i.test(message))
    return away("The data source doesn't answer; check its host, its port and its firewall.");
  if (/does not support (SSL|secure)/i.test(message) || code === "HANDSHAKE_NO_SSL_SUPPORT") {
    return new Refusal("unavailable", "The data source's server doesn't offer TLS; turn it on there.", { path: "tls", cause: thrown });
  }
  if (code?.startsWith("ERR_SSL_") === true) return tls("can't be used", thrown);
  if (/Connection terminated|Connection ended|connection is closed|closed state/i.test(message)) {
    return away("The data source ended the connection; try again.");
  }
  return undefined;
}

function tls(what: string, cause: unknown): Refusal {
  return new Refusal("unavailable", `The data source's certificate ${what}.`, { path: "tls", cause });
}

/** Whoever listens, or stands in the way, would have it. */
export function passwordInClear(cause?: unknown): Refusal {
  return new Refusal("unavailable", "The data source asks for the password in clear, which isn't given.", { path: "password", cause });
}

export function tooLargeRows(cause: unknown): Refusal {
  return new Refusal("invalid_value", "The rows of the answer are too large to be read; leave the largest column out.", {
    path: "text",
    cause,
  });
}

/** A database's message, as it may be shown: without addresses, files and accounts, and not endless. */
export function sanitised(message: string): string {
  return message
    .replace(/'[^'@\s]*'@'[^']*'/g, "this account")
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "the server")
    .replace(/"?(?:\/[\w.-]+){2,}"?/g, "a file")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .replace(/\.$/, "")
    .slice(0, 300);
}

/** An error in a statement, at the place in the text that a person wrote. `at` counts UTF-16 units in the statement. */
export function statementRefusal(message: string, statement: Statement | undefined, at: number | undefined): Refusal {
  if (statement === undefined) return new Refusal("invalid_value", `${message}.`);
  return refusedQuery(new QueryFault(message, at === undefined ? undefined : statement.source.indexOf(at)), statement.source.text);
}

export function errorCode(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : undefined;
}
