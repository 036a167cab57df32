import { validate as isId, v7 as newId } from "uuid";
import { findFile } from "../../files/fileStore.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Installation, OutgoingFile } from "../chatService.ts";
import { outgoingFile } from "../outbox/outgoingFile.ts";
import { endOffer, insertOffer } from "./offeredFileStore.ts";

/** So long somebody may think about it: what isn't sent with a message is kept for a day as well. */
export const offeredHours = 24;

/** Writes down that a file is offered in a room, and answers the offer's id, by which any process finds it. */
export async function offerFile(
  { database }: Pick<Platform, "database">,
  { tenant, id: installation }: Installation,
  room: string,
  file: string,
): Promise<string> {
  const id = newId();
  await insertOffer(database.forTenant(tenant), { id, installation, room, file });
  return id;
}

/** What was offered there, once; undefined for what wasn't, was decided already, or too long ago. */
export async function takeOffered(
  { database, files }: Pick<Platform, "database" | "files">,
  { tenant, id: installation }: Installation,
  room: string,
  id: string,
): Promise<OutgoingFile | undefined> {
  const sql = database.forTenant(tenant);
  const file = isId(id) ? await endOffer(sql, { id, installation, room }, offeredHours) : undefined;
  const found = file === undefined ? undefined : await findFile(sql, file);
  return found && outgoingFile({ files }, tenant, found);
}
