/** Everything that somebody may be allowed to do, and how people read it. Whoever holds none may do nothing. */
export const permissions = {
  "conversations.read": "See conversations, and the people in them",
  "conversations.answer": "Answer, take, transfer and close conversations",
  "conversations.supervise": "Decide over conversations that colleagues answer",
  "commands.run": "Run automations and what is published for everybody",
  "presence.declare": "Go online and offline, and be offered conversations",
  "operations.manage": "Make operations: queries, API calls, messages and sequences; publish and share them",
  "blueprints.manage": "Make blueprints: what things have which fields",
  "entities.read": "See the things that blueprints describe",
  "entities.change": "Make, change and delete these things",
  "sources.manage": "Connect data sources, and keep what opens them",
  "teams.manage": "Make teams, and decide who belongs to them",
  "people.manage": "Invite, activate and deactivate colleagues",
  "roles.manage": "Make roles, and give them to colleagues",
  "keys.manage": "Make and revoke API keys",
  "settings.manage": "Change inboxes, hours, service levels, tags and fields",
  "runs.read": "See everybody's runs",
  "runs.break-glass": "Run what needs an approval without one, with a reason that everybody reads",
  "audit.read": "Read who did what",
  "audit.export": "Export who did what",
  "tenant.manage": "Decide over the whole workspace, and make owners",
} as const;

export type Permission = keyof typeof permissions;

export function isPermission(written: string): written is Permission {
  return Object.hasOwn(permissions, written);
}

export const allPermissions: readonly Permission[] = Object.keys(permissions).filter(isPermission);

/** Those that can be held for some inboxes, teams or records only; the others are for the whole tenant. */
export const recordPermissions: ReadonlySet<Permission> = new Set<Permission>([
  "conversations.read",
  "conversations.answer",
  "conversations.supervise",
]);

/** What may not be done with a password alone: whoever has not set up a second factor doesn't hold these, whatever their roles say. */
export const needSecondFactor: ReadonlySet<Permission> = new Set<Permission>([
  "people.manage",
  "roles.manage",
  "keys.manage",
  "sources.manage",
  "runs.break-glass",
  "audit.export",
  "tenant.manage",
]);
