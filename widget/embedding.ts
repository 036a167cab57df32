import type { PublicInbox } from "../src/protocol/inbox.ts";

/** What the embed script hands to the chat when it is first needed. */
export interface Embedding {
  /** The chat draws itself in here, after the launcher. */
  root: ShadowRoot;
  /** The public key of the inbox. */
  inbox: string;
  /** Languages, as BCP 47 has them, the best first: what the site says, what the browser does, the page's own. */
  reads: readonly string[];
  /** What the inbox asks and offers; undefined where it could not be had. */
  config: Promise<PublicInbox | undefined>;
  /** A JWT signed by the site's own server. */
  identity?: string;
  /** `ws:` or `wss:`, complete. */
  socketUrl: string;
  /** The panel opened or closed, by whichever hand. */
  shown(open: boolean): void;
  unread(count: number): void;
}

export interface Chat {
  /** `focus` false: shown again after a reload, without taking the page's focus. */
  open(focus: boolean): void;
  close(): void;
}

export interface ChatModule {
  /** Rejects where a part of it could not be fetched. */
  start(embedding: Embedding): Promise<Chat>;
}

/** Where a visitor's token is kept, per inbox; it is there from the first opening on, and not before. */
export const tokenKey = (inbox: string) => `switchboard:${inbox}:token`;
/** In the tab's own storage, while the panel is open: it is open again on the site's next page. */
export const openKey = (inbox: string) => `switchboard:${inbox}:open`;
