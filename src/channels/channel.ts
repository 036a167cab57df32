import type { Channel } from "../conversations/ledger/channel.ts";
import type { ChatService } from "./chatService.ts";

/** A folder of `bots/`: its doors, and where people chat with it, its service. */
export interface OpenChannel extends Channel {
  chat?: ChatService;
  /** Keeps open what its service wants held open (Slack's Socket Mode). The answer stops it. */
  start?(): () => Promise<void>;
}
