import { allPermissions, isPermission, type Permission } from "../permissions.ts";

/**
 * Whose records. Of conversations: those that one answers, takes part in or is offered; those too that wait for one's teams; all. Of entities: those
 * that one made; those too that people of one's teams made; all.
 */
export type Records = "own" | "team" | "all";

/** One permission, everywhere or on some things only. Other kinds of things join `on` with the rooms that have them. */
export interface Grant {
  permission: Permission;
  /**
   * Of conversations: ids of inboxes, keys of teams; where both are named, a record must fit both. Of `commands.run`: names of operations, and
   * nothing else then that others publish. Of entities: keys of blueprints; and where it is one, ids of its fields, those that are read or written.
   */
  on?: {
    inbox?: readonly string[];
    team?: readonly string[];
    operation?: readonly string[];
    blueprint?: readonly string[];
    field?: readonly string[];
  };
  /** `all` where it is missing. */
  records?: Records;
  /** Of the entities of one blueprint: only those that fulfil it. A filter as lists have it, by the ids of fields; `me` is whoever holds it. */
  filter?: Readonly<Record<string, unknown>>;
}

export interface Role {
  key: string;
  name: string;
  grants: readonly Grant[];
}

const entities: readonly Permission[] = ["entities.read", "entities.change"];
const answering: readonly Permission[] = ["conversations.read", "conversations.answer", "commands.run", "presence.declare", ...entities];
const supervising: readonly Permission[] = [...answering, "conversations.supervise"];

const everywhere = (permissions: readonly Permission[]): Grant[] => permissions.map((permission) => ({ permission }));
const ofTheirTeams = (permissions: readonly Permission[]): Grant[] =>
  permissions.map((permission) => (permission.startsWith("conversations.") ? { permission, records: "team" } : { permission }));

/** The roles that every tenant has. A tenant's own stand beside them in the table `role`. */
export const predefinedRoles: readonly Role[] = [
  { key: "owner", name: "Owner", grants: everywhere(allPermissions) },
  { key: "admin", name: "Admin", grants: everywhere(allPermissions.filter((permission) => permission !== "tenant.manage")) },
  { key: "supervisor", name: "Supervisor", grants: everywhere(supervising) },
  { key: "agent", name: "Agent", grants: everywhere(answering) },
  { key: "sales", name: "Sales", grants: ofTheirTeams(answering) },
  { key: "operations", name: "Operations", grants: ofTheirTeams(answering) },
  { key: "support", name: "Support", grants: ofTheirTeams(answering) },
  { key: "finance", name: "Finance", grants: ofTheirTeams(["conversations.read", "commands.run", ...entities]) },
  { key: "management", name: "Management", grants: everywhere(["conversations.read", "commands.run", "entities.read"]) },
  { key: "employee", name: "Employee", grants: everywhere(["commands.run", "entities.read"]) },
];

const predefined = new Map(predefinedRoles.map((role) => [role.key, role]));

export function isPredefined(key: string): boolean {
  return predefined.has(key);
}

/** What a tenant's own roles hold, by their keys, as the table has it. */
export type OwnGrants = Readonly<Record<string, readonly Grant[]>>;

/** What these roles hold together. A role that nobody knows, and a permission that this version doesn't know, give nothing. */
export function grantsOf(roles: readonly string[], own: OwnGrants = {}): Grant[] {
  const grants = roles.flatMap((key) => predefined.get(key)?.grants ?? (Object.hasOwn(own, key) ? own[key] : undefined) ?? []);
  return grants.filter(({ permission }) => isPermission(permission));
}

/** The permissions of these roles together, wherever they count. */
export function permissionsOf(roles: readonly string[], own: OwnGrants = {}): ReadonlySet<Permission> {
  return new Set(grantsOf(roles, own).map(({ permission }) => permission));
}
