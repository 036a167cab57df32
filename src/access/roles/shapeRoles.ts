import type { Sql } from "../../platform/database/database.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { announceAccessChange } from "../accessChanges.ts";
import { actorOf, audit } from "../audit/audit.ts";
import type { ChangeOutside } from "../members/changeColleague.ts";
import { lockMembers } from "../members/membershipStore.ts";
import { mayGive } from "../policy.ts";
import type { AccountPrincipal } from "../principal.ts";
import { countHolders, deleteRole, insertRole, lockRole, type StoredRole, saveRole } from "./roleStore.ts";
import { type Grant, isPredefined } from "./roles.ts";

type Outside = Pick<ChangeOutside, "database" | "bus">;

export interface RoleShape {
  key: string;
  name: string;
  grants: readonly Grant[];
}

/** Makes a role of the tenant's own. Refusals: `invalid_value` (`args.key`), `forbidden` for what the maker doesn't hold. */
export async function createRole(outside: Outside, by: AccountPrincipal, shape: RoleShape): Promise<void> {
  if (isPredefined(shape.key))
    throw new Refusal("invalid_value", `"${shape.key}" is a role that every workspace has; choose another key.`, { path: "args.key" });
  await change(outside, by, "role.create", shape, async (tx) => {
    refuseAbove(by, shape.grants, "args.permissions");
    if (!(await insertRole(tx, by.tenant, { ...shape, by: by.name })))
      throw new Refusal("invalid_value", `There is a role "${shape.key}" already; choose another key.`, { path: "args.key" });
  });
}

/**
 * Changes a role, and with it everybody who has it, at once. `version` is the one that was changed. Refusals: `invalid_value`, `forbidden`, `stale`
 * with who was first.
 */
export async function updateRole(
  outside: Outside,
  by: AccountPrincipal,
  key: string,
  version: number | undefined,
  reshape: (role: StoredRole) => Pick<RoleShape, "name" | "grants">,
): Promise<StoredRole> {
  return await change(outside, by, "role.update", { key }, async (tx) => {
    const role = await heldRole(tx, by, key);
    if (version !== undefined && version !== role.version)
      throw new Refusal("stale", `${role.changedBy} changed this role first; look at it again.`, {
        current: { name: role.name, permissions: role.grants.map(({ permission }) => permission), version: role.version },
      });
    const shape = { key, ...reshape(role) };
    refuseAbove(by, shape.grants, "args.permissions");
    await saveRole(tx, by.tenant, { ...shape, by: by.name });
    return { ...role, ...shape, grants: [...shape.grants], version: role.version + 1 };
  });
}

/** Refusals: `invalid_value` (`args.role`), `forbidden`, `conflict` while somebody has it. */
export async function removeRole(outside: Outside, by: AccountPrincipal, key: string): Promise<void> {
  await change(outside, by, "role.delete", { key }, async (tx) => {
    const role = await heldRole(tx, by, key);
    const people = (await countHolders(tx, by.tenant))[key] ?? 0;
    if (people > 0)
      throw new Refusal(
        "conflict",
        `${people} ${people === 1 ? "colleague has" : "colleagues have"} the role ${role.name}; take it from them first.`,
        {
          path: "args.role",
        },
      );
    await deleteRole(tx, by.tenant, key);
  });
}

async function change<Result>(
  { database, bus }: Outside,
  by: AccountPrincipal,
  action: string,
  { key, grants }: { key: string; grants?: readonly Grant[] },
  work: (tx: Sql) => Promise<Result>,
): Promise<Result> {
  const result = await database.acrossTenants.transaction(async (tx) => {
    await lockMembers(tx, by.tenant);
    const done = await work(tx);
    const detail = grants === undefined ? {} : { detail: { permissions: grants.map(({ permission }) => permission) } };
    await audit(tx, { tenant: by.tenant, actor: actorOf(by), action, object: { kind: "role", id: key }, ...detail });
    return done;
  });
  announceAccessChange({ bus }, [by.tenant]);
  return result;
}

/** A role that holds more than whoever asks is not theirs to change: they would take from others what they can't give back. */
async function heldRole(tx: Sql, by: AccountPrincipal, key: string): Promise<StoredRole> {
  if (isPredefined(key))
    throw new Refusal("invalid_value", `"${key}" is a role that every workspace has, and stays as it is; make one of your own.`, {
      path: "args.role",
    });
  const role = await lockRole(tx, by.tenant, key);
  if (role === undefined)
    throw new Refusal("invalid_value", `There is no role "${key.slice(0, 60)}"; "role.list" shows them.`, { path: "args.role" });
  refuseAbove(by, role.grants, "args.role");
  return role;
}

function refuseAbove(by: AccountPrincipal, grants: readonly Grant[], path: string): void {
  const above = grants.find((grant) => !mayGive(by.grants, [grant]));
  if (above === undefined) return;
  throw new Refusal("forbidden", `You don't hold "${above.permission}" as far as this role would; nobody gives what they don't have.`, {
    path,
  });
}
