import type { OpenChannel } from "../src/channels/channel.ts";
import type { ChatHouse } from "../src/channels/chatHouse.ts";
import { mailChannel } from "./mail/mailChannel.ts";

type Outside = Parameters<typeof mailChannel>[0] & { house: ChatHouse; publicUrl: string };

/** The channels: a folder here each, all of the same shape. Another one is a line here, and one in `tests/contracts/channels.test.ts`. */
export function openChannels(outside: Outside): OpenChannel[] {
  return [mailChannel(outside)];
}
