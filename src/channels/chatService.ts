import type { ChatPlace } from "./chatEvent.ts";
import type { Drawing, Form, Home } from "./drawing.ts";

/** A workspace of Slack, or an organisation in Teams, that a tenant connected. */
export interface Installation {
  id: string;
  tenant: string;
  /** The app of the tenant by which it speaks to us, and we to it. */
  app: ChatApp;
  /** Slack: the team's id. Teams: the organisation's tenant id. */
  workspace: string;
  name: string;
  /** Slack: the bot's token. Empty where the app's own secret is enough. */
  token: string;
  /** Slack: the bot's user id. */
  botUser: string;
}

/** What the tenant's admin made at the service, so that it knows us. */
export interface ChatApp {
  id: string;
  tenant: string;
  /** The folder's name: `slack`, `teams`. */
  service: string;
  /** Slack: the app's id. Teams: the bot's app id. */
  appId: string;
  /** Slack: `signingSecret`, `clientId`, `clientSecret`, and `appToken` for Socket Mode. Teams: `password`, `organisation`. */
  secrets: Readonly<Record<string, string>>;
}

/** Where something is to be written. */
export interface Address {
  installation: Installation;
  place: ChatPlace;
  /** Only this person shall see it, where the service can do so; in a place of their own they do anyway. */
  only?: string;
}

/** A file that is to be sent. */
export interface OutgoingFile {
  /** Of the tenant's. */
  id: string;
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  bytes(): Promise<Buffer>;
}

/** What the rest of Switchboard asks of a chat service: a folder of `bots/` answers it. Each may throw a `ChatFailure` and nothing else. */
export interface ChatService {
  readonly name: string;
  /** So many messages in a second, at most, of those that go to many: below what the service documents, since others are written besides. */
  readonly perSecond: number;
  /** Writes a message, and answers its id. `mark` is kept with it where the service can, for `find`. */
  post(to: Address, drawing: Drawing, mark: string): Promise<string>;
  /** Draws a message of ours anew. */
  change(to: Address, message: string, drawing: Drawing): Promise<void>;
  remove(to: Address, message: string): Promise<void>;
  /** `emoji` is one, or a name of the service's own. Absent where it lets no app react. */
  react?(to: Address, message: string, emoji: string, on: boolean): Promise<void>;
  /** The largest file that it takes there, in bytes; 0 where it takes none. */
  mostBytesOfFile(place: ChatPlace): number;
  /** Sends a file, and answers its message's id; empty where the service tells none. `brought` is what `upload.bring` answered for it. */
  sendFile(to: Address, file: OutgoingFile, brought: string | undefined): Promise<string>;
  /** Where a file's bytes are brought before it is sent: nobody sees them until then, and whether they do can be asked. Absent where it is one step. */
  upload?: { bring(to: Address, file: OutgoingFile): Promise<string>; isSent(to: Address, brought: string): Promise<boolean> };
  /** The message with this mark, or null where there is none. Absent where the service can't be asked: then an unknown outcome stays unknown. */
  find?(to: Address, mark: string): Promise<string | null>;
  /** Opens a form for whoever pressed; `opener` counts for 3 s. Absent where forms are only answered (Teams). */
  openForm?(installation: Installation, opener: string, form: Form): Promise<void>;
  /** Shows a person's home page. Absent where there is none. */
  showHome?(installation: Installation, user: string, home: Home): Promise<void>;
  /** Where a person can be written to alone. */
  placeOf(installation: Installation, user: string, known: ChatPlace | undefined): Promise<ChatPlace>;
  /** The rooms of many in which the app is, and their names. Absent where the service can't be asked: they are known where it was met. */
  rooms?(installation: Installation): Promise<{ name: string; place: ChatPlace }[]>;
  /** The file, as the service has it, at most `mostBytes`. */
  fetchFile(installation: Installation, url: string, mostBytes: number): Promise<Buffer>;
  /** What the service says of a person now: their name, and whether they belong to the workspace itself and are active. */
  person(installation: Installation, user: string): Promise<{ name: string; email?: string; member: boolean }>;
  /** The locale that a person chose there (`de-DE`), undefined where they did not. Absent where each event tells it. */
  localeOf?(installation: Installation, user: string): Promise<string | undefined>;
  /** Whether the installation works: throws where it doesn't, with the reason in words for admins. */
  check(installation: Installation): Promise<{ name: string }>;
}

/**
 * Why a service did not do something. `held`: it asks to wait. `unavailable`: it was not done, and may be tried again. `unknown`: it may have been
 * done. `refused`: it won't be. `broken`: the installation's token or app counts no more.
 */
export class ChatFailure extends Error {
  readonly kind: "held" | "unavailable" | "unknown" | "refused" | "broken";
  /** Of `held`. */
  readonly retryAfterMs: number | undefined;

  constructor(kind: ChatFailure["kind"], message: string, retryAfterMs?: number) {
    super(message);
    this.name = "ChatFailure";
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}
