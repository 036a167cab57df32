import type { ChatHouse } from "../../src/channels/chatHouse.ts";
import type { Platform } from "../../src/platform/platform.ts";

/** What Slack's folder is given. */
export interface SlackOutside extends Pick<Platform, "clock" | "log"> {
  house: ChatHouse;
  /** Without a slash at the end. */
  publicUrl: string;
  /** Where the Web API is, with a slash at the end; Slack's own where it is missing. */
  slackApiUrl?: string;
}
