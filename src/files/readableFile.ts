import { validate as isId } from "uuid";
import { limitsOf, reachOf } from "../access/policy.ts";
import { reachableAmong } from "../access/roles/reachStore.ts";
import type { Platform } from "../platform/platform.ts";
import { type Uploader, uploaderId } from "./file.ts";
import { type FoundFile, findFile } from "./fileStore.ts";

/** A file that whoever asks may read; what isn't theirs is told as what isn't there. */
export async function findReadableFile(
  { database }: Pick<Platform, "database">,
  who: Uploader,
  id: string,
): Promise<FoundFile | undefined> {
  const file = isId(id) ? await findFile(database.forTenant(who.tenant), id) : undefined;
  return file !== undefined && (await mayRead({ database }, who, file)) ? file : undefined;
}

/**
 * A visitor: what they sent, or what was sent to them. An account: what it uploaded, what was sent in the conversations that it may read, and what an
 * entity holds where it may read all entities of that blueprint, whoever uploaded it; who reads some of them gets addresses with those.
 */
async function mayRead({ database }: Pick<Platform, "database">, who: Uploader, file: FoundFile): Promise<boolean> {
  if (file.heldBlueprint !== null) return who.kind !== "visitor" && limitsOf(who, "entities.read", file.heldBlueprint) === "all";
  if (file.byId === uploaderId(who)) return true;
  if (!file.sent || file.conversation === null) return false;
  if (who.kind !== "visitor") {
    const reach = reachOf(who, "conversations.read");
    return reach !== undefined && (await reachableAmong(database.forTenant(who.tenant), reach, [file.conversation])).has(file.conversation);
  }
  return file.conversation === who.conversation && !file.internal;
}
