import { Refusal } from "../../protocol/refusal.ts";
import { UnreadableAnswer } from "./readAnswer.ts";

/** How far a request came that has no whole answer: it never left us, it may have done what it asks for, or its answer began with a status. */
export type Reach = { kind: "notSent" } | { kind: "maybe" } | { kind: "answered"; status: number; headers: Headers };

/** A refusal that says what may have happened. */
export class OutsideFailure extends Refusal {
  readonly reach: Reach;

  constructor(code: "invalid_value" | "unavailable", message: string, reach: Reach, cause?: unknown) {
    super(code, message, { cause });
    this.reach = reach;
  }
}

/** What somebody is told, and nothing of what a host inside says or how it refuses. */
export function outsideFailure(error: unknown, reach: Reach, ended: AbortSignal): OutsideFailure {
  if (error instanceof Refusal)
    return new OutsideFailure(error.code === "invalid_value" ? "invalid_value" : "unavailable", error.message, reach, error.cause);
  if (error instanceof UnreadableAnswer) return new OutsideFailure("unavailable", error.message, reach, error.cause);
  // Whoever ends it tears the connection, which is told as if the host had.
  return new OutsideFailure("unavailable", sentenceOf(ended.aborted ? ended.reason : error, reach), reach, error);
}

function sentenceOf(error: unknown, reach: Reach): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "TimeoutError")
    return reach.kind === "notSent" ? "The host took no connection in time, so nothing was sent." : "There was no whole answer in time.";
  if (name === "AbortError")
    return reach.kind === "notSent" ? "It was cancelled before anything was sent." : "It was cancelled before the answer came.";
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "CERT_HAS_EXPIRED") return "The host's certificate has expired, so nothing was sent.";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return "The host's certificate is made for another host, so nothing was sent.";
  if (/SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_|^INVALID_CA/.test(code))
    return "The host's certificate comes from nobody who is trusted (it may be self-signed), so nothing was sent.";
  if (reach.kind === "notSent") return "The host takes no connection, so nothing was sent.";
  if (code.startsWith("HPE_")) return "What the host answered isn't HTTP as it must be.";
  return reach.kind === "maybe" ? "The connection ended before an answer came." : "The connection ended within the answer.";
}
