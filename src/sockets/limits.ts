import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../protocol/refusal.ts";

/** What one visitor and one address may do (auth.md, "Widget limits"). `LIMITS=off` lifts all of it, never the sizes. */
export interface SocketLimits {
  /** Refusal `rate_limited`, with the wait. */
  message(contact: string): Promise<void>;
  newConversation(address: string): Promise<void>;
  /**
   * False where it isn't told now: a flood of typing is no error, and nobody needs to know. Where it was the last of the second, and another
   * than was told, `later` tells it then: nobody is left to see somebody type who stopped.
   */
  typing(who: string, on: boolean, later: (on: boolean) => void): boolean;
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
  return {
    message: (contact) =>
      consume(messages, contact, (seconds) => `60 messages a minute is the limit; this one can be sent in ${seconds} seconds.`),
    newConversation: (address) =>
      consume(conversations, address, (seconds) => `Too many new chats begin here; try again in ${seconds} seconds.`),
    typing: limitTyping(),
    unwelcomedPerAddress: 20,
    perVisitor: 5,
  };
}

interface Typing {
  /** The second in which each was told last. */
  seconds: { true?: number; false?: number };
  told: boolean;
  wanted: boolean;
  waits: boolean;
}

/** Each of both at most once a second for one person. */
function limitTyping(): SocketLimits["typing"] {
  const known = new Map<string, Typing>();
  return (who, on, later) => {
    const second = Math.floor(performance.now() / 1000);
    if (known.size > 10_000) known.clear();
    const typing = known.get(who) ?? { seconds: {}, told: !on, wanted: on, waits: false };
    known.set(who, typing);
    typing.wanted = on;
    if (typing.seconds[`${on}`] !== second) {
      typing.seconds[`${on}`] = second;
      typing.told = on;
      return true;
    }
    if (typing.waits || typing.told === on) return false;
    typing.waits = true;
    setTimeout(() => {
      typing.waits = false;
      if (typing.wanted === typing.told) return;
      typing.told = typing.wanted;
      later(typing.wanted);
    }, 1000).unref();
    return false;
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
