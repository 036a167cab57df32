import type { FileAddresses } from "../../files/fileAddresses.ts";
import type { Block } from "../../protocol/blocks.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { ChatService } from "../chatService.ts";

export interface FilesTold {
  /** Ids of those that go as files. */
  sent: string[];
  /** What the message still shows: the others have links that hold for 12 to 24 hours. */
  blocks: readonly Block[];
}

/** What of a message's files its place takes as files; of the others a link stays in the message. */
export function filesTold(
  { fileAddresses }: { fileAddresses: FileAddresses },
  tenant: string,
  service: Pick<ChatService, "mostBytesOfFile"> | undefined,
  place: ChatPlace,
  blocks: readonly Block[],
): FilesTold {
  const most = service?.mostBytesOfFile(place) ?? 0;
  const goes = (block: Block) => block.type === "file" && block.size <= most;
  return {
    sent: blocks.flatMap((block) => (block.type === "file" && goes(block) ? [block.id] : [])),
    blocks:
      fileAddresses.sign(
        tenant,
        blocks.filter((block) => !goes(block)),
      ) ?? [],
  };
}
