import { validate as isId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { placeOf, placeOfPreview, type Uploader, uploaderId } from "./file.ts";
import { deleteFile, filesOf, filesOfTenant, giveUpFile, giveUpUnsent, markForgottenSent } from "./fileStore.ts";
import { markForgottenHeld } from "./heldFileStore.ts";

type Forgetting = Pick<Platform, "database" | "files">;

/** Forgets an upload that its uploader doesn't want to send. Refusal `not_found`, also for one that was sent. */
export async function removeUpload(deps: Forgetting, uploader: Uploader, file: string): Promise<void> {
  const sql = deps.database.forTenant(uploader.tenant);
  const found = isId(file) && (await giveUpFile(sql, file, uploaderId(uploader)));
  if (!found) throw new Refusal("not_found", "There is no such file of yours that is not sent.");
  await forget(deps, uploader.tenant, file);
}

/** Forgets what nobody sent for a day, and what broke off. What can't be reached now is forgotten the next time. */
export async function forgetUnsentFiles(deps: Forgetting): Promise<void> {
  await markForgottenSent(deps.database.acrossTenants);
  await markForgottenHeld(deps.database.acrossTenants);
  for (const { tenant, id } of await giveUpUnsent(deps.database.acrossTenants)) await forget(deps, tenant, id);
}

/** Forgets all files of these conversations, sent or not, of visitors and of agents. */
export async function eraseFiles(deps: Forgetting, tenant: string, conversations: readonly string[]): Promise<void> {
  for (const file of await filesOf(deps.database.forTenant(tenant), conversations)) await forget(deps, tenant, file);
}

/** Forgets what was given up already. What can't be reached now is forgotten by the housekeeping. */
export async function forgetGivenUp(deps: Forgetting, tenant: string, files: readonly string[]): Promise<void> {
  for (const file of files) await forget(deps, tenant, file).catch(() => {});
}

/** Deletes the bytes of all files of a tenant; the rows go with its other rows. Harmless again. */
export async function eraseTenantFiles({ database, files }: Forgetting, tenant: string): Promise<void> {
  for (const file of await filesOfTenant(database.forTenant(tenant))) {
    await files.delete(placeOfPreview(tenant, file));
    await files.delete(placeOf(tenant, file));
  }
}

/** The bytes first: as long as there are some, the row says where. */
async function forget({ database, files }: Forgetting, tenant: string, file: string): Promise<void> {
  await files.delete(placeOfPreview(tenant, file));
  await files.delete(placeOf(tenant, file));
  await deleteFile(database.forTenant(tenant), file);
}
