import { findFile } from "../../files/fileStore.ts";
import type { Platform } from "../../platform/platform.ts";
import { ChatFailure, type ChatService, type Installation } from "../chatService.ts";
import type { Errand } from "./errandKind.ts";
import { outgoingFile } from "./outgoingFile.ts";
import { type DueOut, saveBrought } from "./outStore.ts";

export type FileErrand = Errand & { do: "file" };

/**
 * Sends a file once: what was brought there is written down before it is shown, so that the service can be asked for it. Its message's id, empty where
 * there is none to tell; undefined where nobody can know whether it was done.
 */
export async function sendFile(
  { database, files }: Pick<Platform, "database" | "files">,
  service: ChatService,
  installation: Installation,
  due: Pick<DueOut, "tenant" | "id" | "attempts" | "maybeDone">,
  { place, only, file, brought }: FileErrand,
): Promise<string | undefined> {
  const sql = database.forTenant(due.tenant);
  const found = await findFile(sql, file);
  if (found === undefined) throw new ChatFailure("refused", "The file is there no more.");
  const outgoing = outgoingFile({ files }, due.tenant, found);
  // No service shows a file to one of many.
  const isAlone = only === undefined || place.scope === "personal";
  const to = { installation, place: isAlone ? place : await service.placeOf(installation, only, undefined) };
  if (service.upload === undefined) return due.maybeDone ? undefined : await service.sendFile(to, outgoing, undefined);
  if (brought !== undefined) {
    if (due.maybeDone && (await service.upload.isSent(to, brought))) return "";
    return await service.sendFile(to, outgoing, brought);
  }
  const there = await service.upload.bring(to, outgoing);
  await saveBrought(sql, due, there);
  return await service.sendFile(to, outgoing, there);
}
