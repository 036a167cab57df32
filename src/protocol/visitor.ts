import type { Block } from "./blocks.ts";
import type { Author, ConversationState, Message } from "./conversation.ts";
import type { ErrorBody } from "./errors.ts";
import type { Rating } from "./rating.ts";

/** Frames of `/ws/visitor`, as `protocol.md` has them. */
export type VisitorFrame =
  | VisitorHello
  | { type: "message"; clientId: string; text: string; files?: string[] }
  | { type: "action"; clientId: string; seq: number; action: string; value?: string }
  | { type: "typing"; on: boolean }
  | { type: "read"; seq: number }
  /** Where the answer may go while nobody is there; kept as the contact's own word, and answered by the same frame. */
  | { type: "contact"; clientId: string; email: string }
  /** Mails the conversation, to the address that is known where none is given; answered by the same frame, with the address. */
  | { type: "transcript"; clientId: string; email?: string }
  /** Ends the conversation; writing again opens it. */
  | { type: "end" }
  /** 1, bad, to 5, very good, of a conversation that has ended; answered by `rated`. */
  | { type: "rate"; clientId: string; score: number; comment?: string }
  /** What was said in the other conversations of this person that are merged with this one. */
  | { type: "merged"; clientId: string }
  | { type: "ping" };

export interface VisitorHello {
  type: "hello";
  inbox: string;
  token?: string;
  /** The last `seq` seen; 0 for none. */
  after?: number;
  /** The instant of that message: after a restore from a backup another may stand there. */
  afterAt?: string | undefined;
  identity?: string;
  locale?: string;
  /** Languages that the visitor reads, the best first: the page's, then the browser's. `locale` alone counts as one. */
  languages?: string[];
  page?: string;
  /** As in the IANA database, like `America/Sao_Paulo`: an agent sees what time it is there. */
  timeZone?: string;
  /** What the inbox asks before the first message, by the fields' names; in a later hello too. */
  prechat?: Record<string, string | number | boolean>;
  /** The key of the team that was chosen there. */
  team?: string;
  /** With `token`: ends that conversation and begins another, of the same visitor. */
  anew?: boolean;
  /** Which version of these frames the page speaks; 1 where it doesn't say. */
  version?: number;
  /** Names of what the page can't do without: a server that doesn't know one answers `upgrade_needed`. */
  needs?: string[];
}

export type ToVisitor =
  | VisitorWelcome
  | Ack
  | ({ type: "message" } & Message)
  | ({ type: "state" } & ConversationState)
  | { type: "typing"; on: boolean; author: Author }
  | { type: "read"; seq: number; author: Author }
  /** A desk was shown everything up to `seq`. */
  | { type: "delivered"; seq: number }
  | { type: "contact"; clientId: string; email: string }
  | { type: "transcript"; clientId: string; email: string }
  /** The first thousand at most, in their order; each `seq` is its own conversation's. */
  | { type: "merged"; clientId: string; messages: Message[] }
  | ({ type: "rated"; clientId: string } & Rating)
  | { type: "pong" }
  | ErrorFrame
  | RestartFrame;

export interface VisitorWelcome {
  type: "welcome";
  token: string;
  conversation: string;
  /** The newest `seq`; 0 where nothing was said yet. */
  seq: number;
  state: ConversationState;
  greeting?: { text: string; blocks?: Block[] };
  /** What is asked before the first message was filled in. */
  answered?: true;
  /** The newest version of these frames that the server speaks. */
  version: number;
  /** `after` was beyond the newest, or another message stands there now: forget what is shown, everything comes again. */
  resync?: true;
}

/** Sent only after the message is committed. */
export interface Ack {
  type: "ack";
  clientId: string;
  seq: number;
  at: string;
}

/** `ref` is the `clientId` meant. */
export interface ErrorFrame {
  type: "error";
  error: ErrorBody;
  ref?: string;
}

/** The server is about to close with 1012; come back after so long. */
export interface RestartFrame {
  type: "restart";
  retryAfterMs: number;
}

/** Reasons for which the server closes a socket (`protocol.md`). */
export const closeCodes = {
  unauthenticated: 4401,
  binary: 1003,
  notUtf8: 1007,
  abuse: 1008,
  tooLong: 1009,
  restart: 1012,
  tooSlow: 1013,
  /** The hello could not be answered now: the token is good. The registry of close codes calls 1013 "try again later". */
  tryLater: 1013,
} as const;

/** The longest frame, in bytes. */
export const maxFrameBytes = 64 * 1024;
/** The longest message, in characters (code points). */
export const maxTextLength = 4000;
/** A socket that has said no `hello` for so long is closed. */
export const helloDeadlineMs = 5000;
