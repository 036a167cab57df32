/** Every way in which Switchboard refuses something. One closed list: surfaces switch on it, never on a text. */
export type ErrorCode =
  | "invalid_json"
  | "invalid_frame"
  | "invalid_value"
  | "nothing_to_send"
  | "text_too_long"
  | "client_id_reused"
  | "idempotency_key_reused"
  | "unauthenticated"
  | "invalid_credentials"
  | "origin_refused"
  | "forbidden"
  | "step_up_needed"
  | "confirmation_needed"
  | "approval_needed"
  | "not_found"
  | "unknown_command"
  | "method_not_allowed"
  | "unsupported_media_type"
  | "payload_too_large"
  | "range_not_satisfiable"
  | "rate_limited"
  | "already_taken"
  | "not_your_conversation"
  | "conflict"
  | "stale"
  | "automation_away"
  | "automation_timeout"
  | "automation_failed"
  | "unavailable"
  | "upgrade_needed"
  | "internal";

/** The one error object, on every surface (`protocol.md`, HTTP). `message` is one sentence: what, where, the limit, what to do. */
export interface ErrorBody {
  code: ErrorCode;
  message: string;
  /** The field meant, like `args.qty`. */
  path?: string;
  /** Of a text: the character meant, counted from 1. */
  character?: number;
  requestId?: string;
  /** Milliseconds after which the same request may succeed; with `rate_limited` and `unavailable`. */
  retryAfterMs?: number;
  /** With `stale`: what stands now, by the names of the arguments, and its `version`. */
  current?: Record<string, unknown>;
}
