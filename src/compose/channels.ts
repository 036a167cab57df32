import type { Access } from "../access/access.ts";
import type { OpenChannel } from "../channels/channel.ts";
import type { DrawChart } from "../channels/charts/chartPicture.ts";
import type { ChatHouse } from "../channels/chatHouse.ts";
import type { ChatOutside } from "../channels/chatOutside.ts";
import { tellBroken } from "../channels/installations/brokenInstallation.ts";
import { createInstallations } from "../channels/installations/installations.ts";
import { openChatHouse } from "../channels/openChatHouse.ts";
import type { RunOutside } from "../commands/runs/runOutside.ts";
import type { InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import type { ReadPicture } from "../files/pictures.ts";
import type { Platform } from "../platform/platform.ts";

interface Parts {
  platform: Platform;
  access: Pick<Access, "keys">;
  recording: Recording;
  inboxes: InboxDirectory;
  readPicture: ReadPicture;
  fileAddresses: FileAddresses;
  drawChart: DrawChart;
  publicUrl: string;
  /** With what runs are made. */
  runs: () => RunOutside;
  /** They are given the house, and are part of what it needs. */
  channels: () => readonly OpenChannel[];
  turnDue: ChatOutside["turnDue"];
}

/** How Slack and Teams reach people and commands: the house that their folders are given, and what it needs itself. */
export function openChats(parts: Parts): { house: ChatHouse; outside: () => ChatOutside } {
  const { platform, access, recording, inboxes, readPicture, fileAddresses, drawChart, publicUrl, turnDue } = parts;
  const opening = { ...platform, keys: access.keys };
  const installations = createInstallations(opening);
  const outside = (): ChatOutside => ({
    ...platform,
    ...recording,
    ...parts.runs(),
    keys: access.keys,
    inboxes,
    installations,
    services: new Map(parts.channels().flatMap(({ name, chat }) => (chat === undefined ? [] : [[name, chat]]))),
    broke: (installation, why) => tellBroken(platform, installation, why),
    turnDue,
    readPicture,
    fileAddresses,
    drawChart,
    publicUrl,
  });
  return { house: openChatHouse(opening, outside), outside };
}
