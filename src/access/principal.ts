/** Who asks. A visitor is a kind of its own and not a low role: nothing that staff may do can be reached with one. */
export type Principal = VisitorPrincipal | AccountPrincipal;

export interface VisitorPrincipal {
  kind: "visitor";
  tenant: string;
  inbox: string;
  contact: string;
  conversation: string;
  /** The language that they read, as BCP 47 has it; absent where it isn't known. */
  locale?: string;
}

/** From where, and in which request, something was asked. */
export interface Asked {
  address: string;
  requestId: string;
}

export interface AccountPrincipal {
  kind: "account";
  tenant: string;
  account: string;
  name: string;
  email: string;
  session: string;
  /** The request in which they ask, where it is one: for the audit. */
  asked?: Asked;
  permissions: ReadonlySet<Permission>;
}

/** What a role may hold. Later issues add to the list; whoever holds none may do nothing. */
export type Permission =
  | "conversations.read"
  | "conversations.answer"
  | "conversations.supervise"
  | "commands.run"
  | "presence.declare"
  | "teams.manage"
  | "people.manage"
  | "settings.manage"
  | "audit.read"
  | "audit.export";

export type Role = "admin" | "supervisor" | "agent";

const rolePermissions: Record<Role, readonly Permission[]> = {
  admin: [
    "conversations.read",
    "conversations.answer",
    "conversations.supervise",
    "commands.run",
    "presence.declare",
    "teams.manage",
    "people.manage",
    "settings.manage",
    "audit.read",
    "audit.export",
  ],
  supervisor: ["conversations.read", "conversations.answer", "conversations.supervise", "commands.run", "presence.declare"],
  agent: ["conversations.read", "conversations.answer", "commands.run", "presence.declare"],
};

/** The permissions of these roles together. A role that nobody knows gives none. */
export function permissionsOf(roles: readonly string[]): ReadonlySet<Permission> {
  const known = roles.filter((role): role is Role => Object.hasOwn(rolePermissions, role));
  return new Set(known.flatMap((role) => rolePermissions[role]));
}
