import type { ChannelSettings } from "../src/channelSettings.ts";
import type { OpenChannel } from "../src/channels/channel.ts";
import { mailChannel } from "./mail/mailChannel.ts";
import { slackChannel } from "./slack/slackChannel.ts";
import { cloudAt, publicCloud } from "./teams/cloud.ts";
import { teamsChannel } from "./teams/teamsChannel.ts";

type Outside = Parameters<typeof mailChannel>[0] &
  Parameters<typeof slackChannel>[0] &
  Parameters<typeof teamsChannel>[0] &
  ChannelSettings;

/** The channels: a folder here each, all of the same shape. Another one is a line here, and one in `tests/contracts/channels.test.ts`. */
export function openChannels(outside: Outside): OpenChannel[] {
  const { teamsUrl } = outside;
  return [
    mailChannel(outside),
    slackChannel(outside),
    teamsChannel({ ...outside, cloud: teamsUrl === undefined ? publicCloud : cloudAt(teamsUrl) }),
  ];
}
