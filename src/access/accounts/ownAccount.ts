import type { Platform } from "../../platform/platform.ts";
import type { NextStep } from "../../protocol/access.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { audit } from "../audit/audit.ts";
import { placesOfSession } from "../members/memberships.ts";
import type { SignedIn } from "../sessions/sessionStore.ts";
import { saveName } from "./accountStore.ts";
import { checkedName } from "./registerAccount.ts";

export interface OwnAccount {
  id: string;
  name: string;
  email: string;
  /** The slug of the session's tenant. */
  tenant: string | null;
  tenants: { slug: string; name: string; roles: string[] }[];
  next: NextStep;
}

export async function readOwnAccount({ database }: Pick<Platform, "database">, by: SignedIn): Promise<OwnAccount> {
  const memberships = await placesOfSession({ database }, by);
  return {
    id: by.account,
    name: by.name,
    email: by.email,
    tenant: by.tenant?.slug ?? null,
    tenants: memberships.map(({ tenant, name, roles }) => ({ slug: tenant, name, roles })),
    next: by.next,
  };
}

/** What customers and colleagues read from now on; what was said stays under the old name. Refusal `invalid_value` (`name`). */
export async function renameOwnAccount(
  { database, bus }: Pick<Platform, "database" | "bus">,
  by: SignedIn,
  written: string,
): Promise<OwnAccount> {
  const name = checkedName(written);
  await database.acrossTenants.transaction(async (tx) => {
    await saveName(tx, by.account, name);
    const actor = { kind: "account", id: by.account, name, ...by.asked } as const;
    await audit(tx, { tenant: by.tenant?.id, actor, action: "account.rename", object: { kind: "account", id: by.account, name } });
  });
  announceAccessChange({ bus }, [by.tenant?.id ?? null]);
  return await readOwnAccount({ database }, { ...by, name });
}
