import type { Bus } from "../platform/bus/bus.ts";
import type { Platform } from "../platform/platform.ts";
import type { AidItem } from "../protocol/aids.ts";
import { listOwned } from "./aidStore.ts";
import { listFields } from "./fieldStore.ts";
import { sees } from "./owner.ts";
import { listTags } from "./tagStore.ts";

/** Something that helps agents was made, changed or deleted in this tenant: whoever shows them reads them again. */
export function aidsSubject(tenant: string): string {
  return `tenant.${tenant}.aids`;
}

export function tellAidsChanged({ bus }: { bus: Bus }, tenant: string): void {
  bus.publish(aidsSubject(tenant), {});
}

/** Everything of a tenant that helps its agents, also what is one person's own: see `aidsOf`. */
export async function readAids({ database }: Pick<Platform, "database">, tenant: string): Promise<AidItem[]> {
  const sql = database.forTenant(tenant);
  const [owned, tags, fields] = await Promise.all([listOwned(sql), listTags(sql), listFields(sql)]);
  return [...tags, ...fields, ...owned];
}

/** What of it this account may see. */
export function aidsOf(account: string, items: readonly AidItem[]): AidItem[] {
  return items.filter((item) => !("owner" in item) || sees(account, item.owner));
}
