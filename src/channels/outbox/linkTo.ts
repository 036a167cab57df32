import { blockOf } from "../../files/file.ts";
import type { FileAddresses } from "../../files/fileAddresses.ts";
import { findFile } from "../../files/fileStore.ts";
import type { Platform } from "../../platform/platform.ts";
import { addErrand } from "./errand.ts";
import type { DueOut } from "./outStore.ts";
import type { FileErrand } from "./sendFile.ts";

/** Writes down, once, that a link is to be written in a file's place, which holds for 12 to 24 hours; false where the file is there no more. */
export async function linkTo(
  { database, fileAddresses }: Pick<Platform, "database"> & { fileAddresses: FileAddresses },
  { tenant, id, installation, conversation, seq }: DueOut,
  { place, only, file }: FileErrand,
): Promise<boolean> {
  const sql = database.forTenant(tenant);
  const found = await findFile(sql, file);
  if (found === undefined) return false;
  const blocks = fileAddresses.sign(tenant, [blockOf(found)]) ?? [];
  await addErrand(sql, {
    installation,
    key: `link:${id}`,
    what: { do: "post", place, drawing: { text: `There is a file: ${found.name}`, blocks }, ...(only === undefined ? {} : { only }) },
    ...(conversation === null || seq === null ? {} : { said: { conversation, seq } }),
  });
  return true;
}
