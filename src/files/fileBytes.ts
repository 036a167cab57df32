import { buffer } from "node:stream/consumers";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { placeOf } from "./file.ts";

/** All bytes of a file that was found. Refusals: `not_found` where they are gone, `unavailable`. */
export async function fileBytes({ files }: Pick<Platform, "files">, tenant: string, file: string): Promise<Buffer> {
  const content = await files.get(placeOf(tenant, file));
  if (content === undefined) throw new Refusal("not_found", "There is no such file any more.");
  return await buffer(content);
}
