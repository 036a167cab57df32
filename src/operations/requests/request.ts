import type { ErrorCode } from "../../protocol/errors.ts";
import type { AnswerMap } from "./answers/answerMap.ts";
import type { Json } from "./json.ts";

export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof methods)[number];

/**
 * An API call as it is stored, shown and versioned: checked by `defineRequest`, with `{{name}}` for a parameter in path segments, and in the values
 * of the query, the headers and the body. No secret stands in it.
 */
export interface RequestDefinition {
  method: Method;
  url: string;
  headers: Record<string, string>;
  /** JSON; or a text, which is JSON, a form or plain text by its content type. */
  body?: Json;
  /** Who asks; its secret is kept apart. */
  credential?: Credential;
  /** The header by which the host knows a repeated call, `Idempotency-Key` most often: with it any method may be tried again. */
  repeatHeader?: string;
  /** What is made of an answer; without it what is found by itself. */
  answer?: AnswerMap;
}

/**
 * How a call proves who asks. What is secret (a password, a token, a key, a client's secret) is one text beside it, sealed, and bound to the host
 * (`boundTo`).
 */
export type Credential =
  /** Without a user name the secret itself is one, and the password empty. */
  | { kind: "basic"; user?: string }
  | { kind: "bearer" }
  | { kind: "key"; in: "header" | "query"; name: string }
  | { kind: "clientCredentials"; tokenUrl: string; clientId: string; scope?: string; audience?: string; sentIn?: "header" | "body" };

/** A definition with its values: what is sent, but for what is secret, which is added at the door. */
export interface FilledRequest {
  method: Method;
  url: string;
  headers: Record<string, string>;
  body?: string;
  credential?: Credential;
  repeatHeader?: string;
}

export type AnswerBody =
  | { kind: "none" }
  | { kind: "json"; json: Json }
  | { kind: "text"; text: string }
  /** `why` is a sentence. */
  | { kind: "unreadable"; why: string };

/** What became of a call. `message` is one sentence for whoever ran it. */
export type RequestOutcome =
  /** Nothing left us: it may be run again whatever it does. */
  | { kind: "notSent"; code: ErrorCode; message: string; tries: number }
  /** It only reads, and nothing came back: it may be run again. */
  | { kind: "unanswered"; message: string; tries: number }
  /** It may have done what it asks for. `repeatable`: doing it twice is the same as once. */
  | { kind: "uncertain"; message: string; repeatable: boolean; tries: number }
  /** `ok`: a status of 200 to 299. Nothing secret is in headers or body. */
  | {
      kind: "answered";
      ok: boolean;
      status: number;
      message: string;
      headers: Record<string, string>;
      body: AnswerBody;
      retryAfterMs?: number;
      tries: number;
    };
