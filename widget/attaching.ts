import type { FunctionComponent } from "preact";
import type { Block, FileBlock } from "../src/protocol/blocks.ts";
import type { Remembered } from "./chat/remembered.ts";
import type { Talk } from "./chat/talk.ts";

/** What a chat with files needs besides: it is fetched when the first file is chosen or seen. */
export interface Attaching {
  add(files: readonly File[]): void;
  /** Why what is chosen can't be sent as it is, with a text that may be blank; empty where it can. */
  obstacle(blank: boolean): string;
  /** Says it with what is chosen, at once or when it is uploaded. */
  say(text: string): void;
  /** The text without its files' lines, since these are shown. */
  plain(text: string, blocks: readonly Block[] | undefined): string;
  Tray: FunctionComponent;
  FileCard: FunctionComponent<{ file: FileBlock }>;
}

export interface AttachingOutside {
  talk: Talk;
  root: ShadowRoot;
  inbox: string;
  remembered: Pick<Remembered, "token">;
  socketUrl: string;
}
