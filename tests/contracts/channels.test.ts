import { describe } from "vitest";
import { type ChannelUnderTest, channelContract } from "./channel.contract.ts";
import { mailUnderTest } from "./mailUnderTest.ts";

/** Every folder of `bots/`, each with its service as it is outside. */
const channels: [folder: string, open: () => Promise<ChannelUnderTest>][] = [["mail", mailUnderTest]];

describe.each(channels)("the channel %s", (_, open) => channelContract(open));
