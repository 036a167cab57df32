import type { ErrorBody, ErrorCode } from "./errors.ts";
import type { Language } from "./languages.ts";
import type { Sentence } from "./sentence.ts";

interface RefusalDetails {
  path?: string;
  character?: number;
  retryAfterMs?: number;
  current?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * An error that a person is told as it stands: in their language, where it is a sentence that is spoken in all; its message is English. Anything else that
 * is thrown is told as `internal`, without its text.
 */
export class Refusal extends Error {
  readonly code: ErrorCode;
  readonly path: string | undefined;
  /** Of a text: the character meant, counted from 1. */
  readonly character: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly current: Record<string, unknown> | undefined;
  readonly #sentence: string | Sentence;

  constructor(code: ErrorCode, sentence: string | Sentence, details: RefusalDetails = {}) {
    super(typeof sentence === "string" ? sentence : sentence("en"), { cause: details.cause });
    this.#sentence = sentence;
    this.name = "Refusal";
    this.code = code;
    this.path = details.path;
    this.character = details.character;
    this.retryAfterMs = details.retryAfterMs;
    this.current = details.current;
  }

  /** What it says to whoever reads this language; English where it is said in no other. */
  in(language: Language): string {
    return typeof this.#sentence === "string" ? this.#sentence : this.#sentence(language);
  }

  /** The same, of what whoever hears it calls by another path. */
  movedTo(path: string): Refusal {
    const { code, character, retryAfterMs, current } = this;
    return new Refusal(code, this.#sentence, {
      path,
      ...(character === undefined ? {} : { character }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      ...(current === undefined ? {} : { current }),
      cause: this,
    });
  }
}

/** What a surface shows for whatever was thrown: never a stack, an SQL text or an internal host. */
export function errorBody(thrown: unknown, requestId?: string, language: Language = "en"): ErrorBody {
  const refusal =
    thrown instanceof Refusal ? thrown : new Refusal("internal", "Something went wrong on our side. It was logged; please try again.");
  return {
    code: refusal.code,
    message: refusal.in(language),
    ...(refusal.path === undefined ? {} : { path: refusal.path }),
    ...(refusal.character === undefined ? {} : { character: refusal.character }),
    ...(refusal.retryAfterMs === undefined ? {} : { retryAfterMs: refusal.retryAfterMs }),
    ...(refusal.current === undefined ? {} : { current: refusal.current }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
