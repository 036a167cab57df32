import type { Taken } from "../../src/client/attachments.ts";
import { newClientId } from "../../src/client/clientId.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import { textWithFiles } from "../../src/protocol/files.ts";
import type { Saying, Talk } from "../chat/talk.ts";

/** Says it in its place at once; what isn't uploaded yet is awaited before it is sent. */
export function sayWithFiles(talk: Pick<Talk, "say" | "post" | "outbox">, text: string, taken: Taken | undefined): void {
  if (taken === undefined) {
    talk.say(text);
    return;
  }
  const clientId = newClientId();
  const complete = (blocks: FileBlock[]): Saying => ({
    clientId,
    text: textWithFiles(text, blocks),
    frame: { type: "message", clientId, text, files: blocks.map(({ id }) => id) },
    blocks,
  });
  if (taken.blocks !== undefined) {
    talk.post(complete(taken.blocks));
    return;
  }
  talk.post({ clientId, text: textWithFiles(text, taken.files), frame: { type: "message", clientId, text }, awaits: true });
  taken.uploaded.then(
    (blocks) => talk.outbox.retry(clientId, complete(blocks)),
    (error) => talk.outbox.refuse(clientId, error),
  );
}
