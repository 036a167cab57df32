import type { Keys } from "../access/keys/keys.ts";
import type { VisitorPrincipal } from "../access/principal.ts";
import type { RunOutside } from "../commands/runs/runOutside.ts";
import type { InboxDirectory } from "../conversations/inboxes/inboxes.ts";
import type { Received } from "../conversations/ledger/receiveMessage.ts";
import type { Recording } from "../conversations/ledger/record.ts";
import type { FileAddresses } from "../files/fileAddresses.ts";
import type { Uploading } from "../files/uploadFile.ts";
import type { DrawChart } from "./charts/chartPicture.ts";
import type { ChatService, Installation } from "./chatService.ts";
import type { Installations } from "./installations/installations.ts";

/** What the room needs of the others. */
export interface ChatOutside extends RunOutside, Recording, Uploading {
  database: RunOutside["database"];
  bus: RunOutside["bus"];
  clock: RunOutside["clock"];
  keys: Keys;
  inboxes: Pick<InboxDirectory, "byId">;
  installations: Installations;
  services: ReadonlyMap<string, ChatService>;
  /** The service refuses the installation: it is marked, and whoever manages it is told. */
  broke(installation: Installation, why: string): Promise<void>;
  /** Has a message answered that somebody wrote there. */
  turnDue(visitor: VisitorPrincipal, received: Received): void;
  fileAddresses: FileAddresses;
  drawChart: DrawChart;
  publicUrl: string;
}
