import type { OpenChannel } from "../src/channels/channel.ts";
import { mailChannel } from "./mail/mailChannel.ts";
import { slackChannel } from "./slack/slackChannel.ts";

type Outside = Parameters<typeof mailChannel>[0] & Parameters<typeof slackChannel>[0];

/** The channels: a folder here each, all of the same shape. Another one is a line here, and one in `tests/contracts/channels.test.ts`. */
export function openChannels(outside: Outside): OpenChannel[] {
  return [mailChannel(outside), slackChannel(outside)];
}
