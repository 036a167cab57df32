import type { Channel } from "../src/conversations/ledger/channel.ts";
import { mailChannel } from "./mail/mailChannel.ts";

/** The channels: a folder here each, all of the same shape. Another one is a line here, and one in `tests/contracts/channels.test.ts`. */
export function openChannels(outside: Parameters<typeof mailChannel>[0]): Channel[] {
  return [mailChannel(outside)];
}
