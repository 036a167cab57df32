import type { Channel } from "../conversations/ledger/channel.ts";
import type { ChatApp, ChatService } from "./chatService.ts";

/** A folder of `bots/`: its doors, and where people chat with it, its service. */
export interface OpenChannel extends Channel {
  chat?: ChatService;
  /** What an admin gives the service, so that it knows us: its manifest, as JSON, with the addresses of this app. */
  manifest?(app: { id: string; appId: string; name: string }): { file: string; text: string };
  /** The same where the service wants a file: Teams' app package. */
  appPackage?(app: { appId: string }): Promise<{ file: string; bytes: Buffer }>;
  /** Where an admin goes to connect a workspace, who comes back with `state`. Absent where it is connected by its id alone. */
  installUrl?(app: ChatApp, state: string): string;
  /** Keeps open what its service wants held open (Slack's Socket Mode). The answer stops it. */
  start?(): () => Promise<void>;
}
