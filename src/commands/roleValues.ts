import { isPermission, type Permission, permissions, recordPermissions } from "../access/permissions.ts";
import type { EntityLimit } from "../access/policy.ts";
import { findPlaces } from "../access/roles/roleStore.ts";
import type { Grant, Records } from "../access/roles/roles.ts";
import type { Database } from "../platform/database/database.ts";
import type { RoleLimit } from "../protocol/people.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Args } from "./command.ts";

export function roleKey(written: unknown): string {
  return String(written).trim().toLowerCase();
}

/** Refusal `invalid_value` (`args.key`). */
export function newRoleKey(written: unknown): string {
  const key = roleKey(written);
  if (/^[a-z0-9][a-z0-9-]{0,59}$/.test(key)) return key;
  throw new Refusal("invalid_value", '"key" must be small letters, digits and hyphens, like "night-shift".', { path: "args.key" });
}

/** How a role's limits within a blueprint are read and shown: the room of entities knows what its fields are. */
export interface RoleLimits {
  read(tenant: string, blueprint: string, said: unknown, path: string): Promise<{ read: EntityLimit; change: EntityLimit }>;
  shown(tenant: string, grants: readonly Grant[]): Promise<Record<string, RoleLimit>>;
}

interface GrantOutside {
  database: Pick<Database, "forTenant">;
  limits: RoleLimits;
}

/** What `permissions` and all that limits them say together. Refusal `invalid_value` with the argument meant, also for one that no permission here could mean. */
export async function readGrants(
  { database, limits }: GrantOutside,
  tenant: string,
  args: Args,
  before: readonly Grant[] = [],
): Promise<Grant[]> {
  const written = words(args["permissions"]);
  const unknown = written.find((word) => !isPermission(word));
  if (unknown !== undefined)
    throw new Refusal(
      "invalid_value",
      `There is no permission "${unknown.slice(0, 60)}"; there are ${Object.keys(permissions).join(", ")}.`,
      {
        path: "args.permissions",
      },
    );
  refuseIdle(args, written);
  const wanted = {
    inboxes: words(args["inboxes"]),
    teams: words(args["teams"]),
    operations: words(args["operations"]),
    blueprints: words(args["blueprints"]),
  };
  const found = await findPlaces(database.forTenant(tenant), wanted);
  refuseMissing(
    "inboxes",
    wanted.inboxes,
    found.inboxes.map(({ id, name }) => [id, name.toLowerCase()]),
  );
  refuseMissing(
    "teams",
    wanted.teams,
    found.teams.map(({ key, name }) => [key, name.toLowerCase()]),
  );
  refuseMissing(
    "operations",
    wanted.operations,
    found.operations.map((name) => [name]),
  );
  refuseMissing(
    "blueprints",
    wanted.blueprints,
    found.blueprints.map((key) => [key]),
  );
  const on = {
    ...(wanted.inboxes.length === 0 ? {} : { inbox: found.inboxes.map(({ id }) => id) }),
    ...(wanted.teams.length === 0 ? {} : { team: found.teams.map(({ key }) => key) }),
  };
  const records: Records = args["records"] === "own" || args["records"] === "team" ? args["records"] : "all";
  const limited = await limitedGrants(limits, tenant, args["limits"], found.blueprints, before);
  return [...new Set(written.filter(isPermission))].flatMap((permission): Grant[] => {
    if (permission === "commands.run" && found.operations.length > 0) return [{ permission, on: { operation: found.operations } }];
    if (!ofEntities(permission) || found.blueprints.length === 0) return [grantOf(permission, on, records)];
    const whole = found.blueprints.filter((key) => !limited.some(({ on: of }) => of?.blueprint?.includes(key)));
    const theirs = limited.filter((grant) => grant.permission === permission);
    return [...(whole.length === 0 ? [] : [{ permission, on: { blueprint: whole } }]), ...theirs];
  });
}

/** What is limited within some blueprints; where nothing is said of it, what was before stays: no limit goes by being forgotten. */
async function limitedGrants(
  limits: RoleLimits,
  tenant: string,
  said: unknown,
  blueprints: readonly string[],
  before: readonly Grant[],
): Promise<Grant[]> {
  if (typeof said !== "object" || said === null)
    return before.filter(({ permission, on, filter, records }) => {
      const isLimited = on?.field !== undefined || filter !== undefined || records !== undefined;
      return ofEntities(permission) && isLimited && on?.blueprint?.every((key) => blueprints.includes(key)) === true;
    });
  const each = await Promise.all(
    Object.entries(said).map(async ([key, limit]): Promise<Grant[]> => {
      const path = `args.limits.${key.slice(0, 60)}`;
      if (!blueprints.includes(key))
        throw new Refusal("invalid_value", `"${key.slice(0, 60)}" is none of the role's blueprints; name it in "blueprints".`, { path });
      const { read, change } = await limits.read(tenant, key, limit, path);
      return [grantWithin("entities.read", key, read), grantWithin("entities.change", key, change)];
    }),
  );
  return each.flat();
}

function grantWithin(permission: Permission, key: string, { fields, records, filter }: EntityLimit): Grant {
  return {
    permission,
    on: { blueprint: [key], ...(fields === undefined ? {} : { field: fields }) },
    ...(records === "all" ? {} : { records }),
    ...(filter === undefined ? {} : { filter }),
  };
}

function ofEntities(permission: string): boolean {
  return permission === "entities.read" || permission === "entities.change";
}

function grantOf(permission: Permission, on: NonNullable<Grant["on"]>, records: Records): Grant {
  if (!recordPermissions.has(permission)) return { permission };
  return { permission, ...(Object.keys(on).length === 0 ? {} : { on }), ...(records === "all" ? {} : { records }) };
}

/** A limit of what the role doesn't hold would be dropped without a word. */
function refuseIdle(args: Args, permissionsWritten: readonly string[]): void {
  const limits = (name: string) => words(args[name]).length > 0 && args[name] !== "all";
  const about = (argument: string, needed: string) =>
    new Refusal("invalid_value", `"${argument}" limits ${needed}, which the role wouldn't hold; add it, or leave "${argument}" out.`, {
      path: `args.${argument}`,
    });
  if (limits("operations") && !permissionsWritten.includes("commands.run")) throw about("operations", '"commands.run"');
  if (args["limits"] !== undefined && args["limits"] !== "" && !limits("blueprints"))
    throw new Refusal("invalid_value", '"limits" are within some of "blueprints"; name them.', { path: "args.limits" });
  if (limits("blueprints") && !permissionsWritten.some(ofEntities)) throw about("blueprints", "what is held over entities");
  const ofRecords = permissionsWritten.some((word) => isPermission(word) && recordPermissions.has(word));
  const place = ["inboxes", "teams", "records"].find(limits);
  if (place !== undefined && !ofRecords) throw about(place, "what is held over conversations");
}

/** Refusal `invalid_value` where a change of a role says what limits its permissions, and not which they are. */
export function refuseLimitsAlone(args: Args): void {
  const alone = ["inboxes", "teams", "records", "operations", "blueprints", "limits"].find((name) => args[name] !== undefined);
  if (alone === undefined) return;
  throw new Refusal("invalid_value", `Write "permissions" too: "${alone}" goes with them.`, { path: "args.permissions" });
}

const kinds = { inboxes: "inbox", teams: "team", operations: "operation", blueprints: "blueprint" };

function refuseMissing(argument: keyof typeof kinds, wanted: readonly string[], found: readonly string[][]): void {
  const missing = wanted.find((word) => !found.some((names) => names.includes(word)));
  if (missing === undefined) return;
  throw new Refusal("invalid_value", `There is no ${kinds[argument]} "${missing.slice(0, 60)}" here.`, {
    path: `args.${argument}`,
  });
}

function words(written: unknown): string[] {
  if (written === undefined) return [];
  return String(written)
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
}
