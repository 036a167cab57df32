import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../protocol/refusal.ts";

/** What one visitor and one address may do (auth.md, "Widget limits"). `LIMITS=off` lifts all of it, never the sizes. */
export interface SocketLimits {
  /** Refusal `rate_limited`, with the wait. */
  message(contact: string): Promise<void>;
  newConversation(address: string): Promise<void>;
  /** False where it is dropped: a flood of typing is no error, and nobody needs to know. */
  typing(contact: string): boolean;
  /** Sockets that one address may have before they said who they are. */
  readonly unwelcomedPerAddress: number;
  readonly perVisitor: number;
}

const noLimit: SocketLimits = {
  message: async () => {},
  newConversation: async () => {},
  typing: () => true,
  unwelcomedPerAddress: Number.POSITIVE_INFINITY,
  perVisitor: Number.POSITIVE_INFINITY,
};

export function createSocketLimits(on: boolean): SocketLimits {
  if (!on) return noLimit;
  const messages = new RateLimiterMemory({ points: 60, duration: 60 });
  const conversations = new RateLimiterMemory({ points: 30, duration: 60 });
  const typing = new Map<string, number>();
  return {
    message: (contact) =>
      consume(messages, contact, (seconds) => `60 messages a minute is the limit; this one can be sent in ${seconds} seconds.`),
    newConversation: (address) =>
      consume(conversations, address, (seconds) => `Too many new chats begin here; try again in ${seconds} seconds.`),
    typing: (contact) => {
      const second = Math.floor(performance.now() / 1000);
      if (typing.get(contact) === second) return false;
      if (typing.size > 10_000) typing.clear();
      typing.set(contact, second);
      return true;
    },
    unwelcomedPerAddress: 20,
    perVisitor: 5,
  };
}

async function consume(limiter: RateLimiterMemory, key: string, sentence: (seconds: number) => string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal("rate_limited", sentence(Math.max(1, Math.ceil(error.msBeforeNext / 1000))), { retryAfterMs: error.msBeforeNext });
  }
}
