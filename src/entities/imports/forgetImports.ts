import { deleteParts } from "../../files/parts.ts";
import type { Platform } from "../../platform/platform.ts";
import { deleteImport, importsOfTenant, listForgotten } from "./importStore.ts";
import { keptFile } from "./openFile.ts";

type Forgetting = Pick<Platform, "database" | "files">;

const atOnce = 100;

/** Forgets imports that nobody needs any more, with their files. What can't be reached now is forgotten the next time. */
export async function forgetOldImports({ database, files }: Forgetting): Promise<void> {
  for (const { tenant, id } of await listForgotten(database.acrossTenants, atOnce)) {
    await forgetFile({ files }, tenant, { id });
    await deleteImport(database.forTenant(tenant), id);
  }
}

/** Deletes the files of all imports of a tenant; the rows go with its other rows. Harmless again. */
export async function eraseTenantImports({ database, files }: Forgetting, tenant: string): Promise<void> {
  for (const id of await importsOfTenant(database.forTenant(tenant))) await forgetFile({ files }, tenant, { id });
}

/** The file is of no use once its import has ended; its errors stay. */
export async function forgetFile({ files }: Pick<Platform, "files">, tenant: string, { id }: { id: string }): Promise<void> {
  await deleteParts({ files }, keptFile(tenant, { id, size: 0 }).key);
}
