import type { AttachedFile } from "../../files/file.ts";
import { fileBytes } from "../../files/fileBytes.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { ChatFailure, type OutgoingFile } from "../chatService.ts";

/** A file as services send it. Its bytes are read when they are asked for, and can't be had with a `ChatFailure`. */
export function outgoingFile(
  { files }: Pick<Platform, "files">,
  tenant: string,
  { id, name, mediaType, size }: Pick<AttachedFile, "id" | "name" | "mediaType" | "size">,
): OutgoingFile {
  const bytes = async () => {
    try {
      return await fileBytes({ files }, tenant, id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new ChatFailure(error.code === "unavailable" ? "unavailable" : "refused", error.message);
    }
  };
  return { id, name, mediaType, size, bytes };
}
