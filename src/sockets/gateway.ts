import type { AccountPrincipal, VisitorPrincipal } from "../access/principal.ts";
import type { VisitorIdentity } from "../access/visitorIdentity.ts";
import type { Registry } from "../commands/registry.ts";
import type { Control } from "../conversations/conversation.ts";
import type { Inbox, InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { InboxTextsOf } from "../conversations/inboxes/inboxTexts.ts";
import type { Received } from "../conversations/ledger/receiveMessage.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { ShownMarks } from "../conversations/marks/shownMarks.ts";
import type { Early, EarlyQuestion } from "../conversations/turns/askEarly.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import type { Platform } from "../platform/platform.ts";
import type { Turnstile } from "../platform/process/turnstile.ts";
import type { DeskWelcome, Presence } from "../protocol/desk.ts";
import type { Hours } from "../routing/hours.ts";
import type { ClosedTenants } from "./closedTenants.ts";
import type { DeskPresence } from "./desk/deskPresence.ts";
import type { Lookers } from "./desk/lookers.ts";
import type { Topics } from "./desk/topics.ts";
import type { SocketLimits } from "./limits.ts";
import type { Viewers } from "./viewers.ts";
import type { ConnectedVisitors } from "./visitor/connectedVisitors.ts";
import type { QueuePlaces } from "./visitor/queuePlaces.ts";

/** What the sockets of one process share. */
export interface Gateway extends Recording, Pick<Platform, "database" | "bus" | "clock" | "log"> {
  registry: Pick<Registry, "of">;
  inboxes: InboxDirectory;
  inboxTexts: InboxTextsOf;
  hours: Pick<Hours, "absence" | "watch">;
  viewers: Viewers;
  topics: Topics;
  lookers: Lookers;
  queuePlaces: QueuePlaces;
  visitors: ConnectedVisitors;
  closedTenants: Pick<ClosedTenants, "has">;
  shownMarks: ShownMarks;
  deskPresence: DeskPresence;
  limits: SocketLimits;
  /** Before a visit is looked up. */
  greetings: Turnstile;
  access: SocketAccess;
  /** What is shown of files gets its addresses as it is sent. */
  fileAddresses: Pick<FileAddresses, "sign">;
  /** Asks for the answer before the message is written, where this process may. */
  askEarly(visitor: VisitorPrincipal, control: Control, question: EarlyQuestion): Early | undefined;
  /** A visitor's message wants an answer: from this process where it routes, else from whichever does. */
  turnDue(visitor: VisitorPrincipal, received: Received, control: Control): void;
  /** Mails the visitor's conversation; answers where to. Refusals as `sendTranscript` has them, with the path `email`. */
  sendTranscript(visitor: VisitorPrincipal, email: string | undefined, clientId: string): Promise<string>;
  /** Logs what is not a refusal: those are told to the person and are nobody's fault here. */
  failed(error: unknown, what: string): void;
}

/** Who may open a socket, and for how long. */
export interface SocketAccess {
  /** The person whom a visitor's page names, by its site's signature. Refusal `invalid_value` with the path `identity`. */
  identify(inbox: Inbox, identity: string): VisitorIdentity;
  /** Refusal `unauthenticated` for a ticket that is false, used or late. */
  redeem(ticket: string): Promise<AccountPrincipal>;
  /** The same person with the rights of this moment. Refusal `unauthenticated`. */
  now(principal: AccountPrincipal): Promise<AccountPrincipal>;
  /** They did something: the session doesn't end for idleness. */
  active(principal: AccountPrincipal): void;
  /** Calls `changed` with nothing when the session ends, or with the new rights; the answer stops it. */
  watch(principal: AccountPrincipal, changed: (now: AccountPrincipal | undefined) => void): () => void;
  /** What the desk's welcome tells. */
  welcome(principal: AccountPrincipal): Promise<Omit<DeskWelcome, "type" | "version"> & { presence: Presence }>;
}
