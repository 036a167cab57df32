import { z } from "zod";
import type { ChangeOutside } from "../access/members/changeColleague.ts";
import { listMembers } from "../access/members/membershipStore.ts";
import { permissions } from "../access/permissions.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import { giveRole, takeRole } from "../access/roles/giveRoles.ts";
import { countHolders, listRoles } from "../access/roles/roleStore.ts";
import { type Grant, predefinedRoles } from "../access/roles/roles.ts";
import { createRole, removeRole, updateRole } from "../access/roles/shapeRoles.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import type { CommandResult, StaffCommand, Undo } from "./command.ts";
import { newRoleKey, type RoleLimits, readGrants, refuseLimitsAlone, roleKey } from "./roleValues.ts";
import { newerStands } from "./runs/newerStands.ts";
import { settingsCommand } from "./settingsCommand.ts";

export interface RoleCommandDependencies extends ChangeOutside {
  /** Who watches colleagues and who routes look again. */
  changed: (tenant: string) => void;
  limits: RoleLimits;
}

type Call = Parameters<StaffCommand["run"]>[0];

/** Whom it was about, whatever their mail address is by then. */
const whose = z.object({ account: z.string() });

const email: ArgSchema = { type: "string", description: "The colleague's mail address.", maxLength: 254 };
const role: ArgSchema = { type: "string", description: 'The role\'s key, like "agent"; "role.list" shows them.', maxLength: 60 };
const name: ArgSchema = { type: "string", description: "What people read.", maxLength: 100 };
const shape = {
  permissions: { type: "string", description: `What it may do, with commas: ${Object.keys(permissions).join(", ")}.`, maxLength: 1000 },
  inboxes: { type: "string", description: "Only conversations of these inboxes, by name, with commas.", maxLength: 1000, clearable: true },
  teams: { type: "string", description: "Only conversations of these teams, by key, with commas.", maxLength: 1000, clearable: true },
  records: { type: "string", description: "Only one's own conversations, those of one's teams too, or all.", enum: ["own", "team", "all"] },
  operations: {
    type: "string",
    description: "Only these operations, by name, with commas, and no automations; what is shared with nobody stays so.",
    maxLength: 2000,
    clearable: true,
  },
  blueprints: {
    type: "string",
    description: "Only entities of these blueprints, by key, with commas: no others are there for them.",
    maxLength: 2000,
    clearable: true,
  },
  limits: {
    type: "object",
    description:
      'Within these blueprints only some fields and entities: {"deliveries": {"read": ["cargo", "status"], "write": ["status"], "records": "own", "filter": {"status": {"ne": "DELIVERED"}}}}.',
    clearable: true,
  },
} satisfies Record<string, ArgSchema>;

/** Roles, and who has them. */
export function roleCommands(deps: RoleCommandDependencies): StaffCommand[] {
  const { database } = deps;
  const define = (
    command: string,
    summary: string,
    args: Record<string, ArgSchema>,
    required: string[],
    run: (call: Call) => Promise<CommandResult>,
  ): StaffCommand => ({
    ...settingsCommand(command, summary, args, required, run, "roles.manage"),
    // With what it changes, in its transaction.
    audited: "itself",
    stepUp: true,
  });
  const give = async (by: AccountPrincipal, whom: string, key: string): Promise<CommandResult> => {
    const { account, name: called, roles, had } = await giveRole(deps, by, whom, key);
    deps.changed(by.tenant);
    return {
      messages: [{ text: `${called} has the role ${key}.` }],
      data: { agent: account, roles },
      ...(had ? {} : { undo: { account } }),
    };
  };
  const take = async (by: AccountPrincipal, whom: string, key: string): Promise<CommandResult> => {
    const { account, name: called, roles } = await takeRole(deps, by, whom, key);
    deps.changed(by.tenant);
    const none = roles.length === 0 ? " It was their last one: until they get another they can do nothing here." : "";
    return { messages: [{ text: `${called} has no longer the role ${key}.${none}` }], data: { agent: account, roles }, undo: { account } };
  };
  /** The opposite, while nobody has done it since. */
  const undoing = (as: "role.grant" | "role.revoke"): Undo => ({
    hours: 24,
    as,
    plan: async ({ principal, args, kept }) => {
      const { account } = whose.parse(kept);
      const key = roleKey(args["role"]);
      const member = (await listMembers(database.forTenant(principal.tenant))).find(({ id }) => id === account);
      if (member === undefined) throw newerStands("they don't work here any more");
      const has = member.roles.includes(key);
      if (has !== (as === "role.revoke"))
        throw newerStands(has ? `${member.name} has the role ${key} again` : `${member.name} lost the role ${key} since`);
      const text = has ? `${member.name} loses the role ${key}.` : `${member.name} gets the role ${key} back.`;
      return { changes: [{ text, kind: has ? "remove" : "add" }], facts: { roles: member.roles.join(", ") } };
    },
    run: async ({ principal, args }) => await (as === "role.revoke" ? take : give)(principal, String(args["email"]), roleKey(args["role"])),
  });

  return [
    { ...define("role.list", "Lists the roles, and what each may do.", {}, [], list), risk: "read", stepUp: false },
    define("role.create", "Makes a role of your own.", { key: role, name, ...shape }, ["key", "name", "permissions"], async (call) => {
      const made = { key: newRoleKey(call.args["key"]), name: String(call.args["name"]).trim() };
      await createRole(deps, call.principal, { ...made, grants: await readGrants(deps, call.principal.tenant, call.args) });
      return { messages: [{ text: `The role ${made.name} is there. "role.grant" gives it to a colleague.` }], data: { role: made.key } };
    }),
    define(
      "role.update",
      "Changes a role of your own, for everybody who has it. Places and records go with the permissions.",
      { role, name, ...shape, version: { type: "integer", description: "The version that was changed.", minimum: 1 } },
      ["role"],
      async (call) => {
        const { args, principal } = call;
        const before = (await listRoles(database.forTenant(principal.tenant))).find(({ key }) => key === roleKey(args["role"]));
        const grants = args["permissions"] === undefined ? undefined : await readGrants(deps, principal.tenant, args, before?.grants);
        if (grants === undefined) refuseLimitsAlone(args);
        const version = typeof args["version"] === "number" ? args["version"] : before?.version;
        const updated = await updateRole(deps, principal, roleKey(args["role"]), version, (current) => ({
          name: args["name"] === undefined ? current.name : String(args["name"]).trim(),
          grants: grants ?? current.grants,
        }));
        deps.changed(principal.tenant);
        return { messages: [{ text: `The role ${updated.name} is changed.` }], data: { role: updated.key, version: updated.version } };
      },
    ),
    {
      ...define("role.delete", "Deletes a role of your own that nobody has.", { role }, ["role"], async ({ principal, args }) => {
        await removeRole(deps, principal, roleKey(args["role"]));
        return { messages: [{ text: "The role is deleted." }] };
      }),
      risk: "destructive",
    },
    {
      ...define("role.grant", "Gives a colleague a role; it counts at once.", { email, role }, ["email", "role"], ({ principal, args }) =>
        give(principal, String(args["email"]), roleKey(args["role"])),
      ),
      undo: undoing("role.revoke"),
    },
    {
      ...define(
        "role.revoke",
        "Takes a role from a colleague; it ends at once.",
        { email, role },
        ["email", "role"],
        ({ principal, args }) => take(principal, String(args["email"]), roleKey(args["role"])),
      ),
      undo: undoing("role.grant"),
    },
  ];

  async function list({ principal: { tenant } }: Call): Promise<CommandResult> {
    const [own, people] = await Promise.all([listRoles(database.forTenant(tenant)), countHolders(database.acrossTenants, tenant)]);
    const limits = await Promise.all(own.map(({ grants }) => deps.limits.shown(tenant, grants)));
    const roles = [
      ...predefinedRoles.map((predefined) => ({ ...predefined, limits: {}, predefined: true })),
      ...own.map(({ changedAt, ...stored }, index) => {
        return { ...stored, limits: limits[index] ?? {}, changedAt: changedAt.toISOString(), predefined: false };
      }),
    ].map((listed) => ({ ...listed, grants: listed.grants.map(shown), people: people[listed.key] ?? 0 }));
    const lines = roles.map(({ key, name: title, grants, people: count }) => {
      return `${title} (${key}), ${count} ${count === 1 ? "person" : "people"}: ${[...new Set(grants.map(({ permission }) => permission))].join(", ")}`;
    });
    return { messages: [{ text: lines.join("\n") }], data: { roles } };
  }
}

function shown({ permission, on, records }: Grant) {
  return {
    permission,
    on: {
      inbox: [...(on?.inbox ?? [])],
      team: [...(on?.team ?? [])],
      operation: [...(on?.operation ?? [])],
      blueprint: [...(on?.blueprint ?? [])],
    },
    records: records ?? "all",
  };
}
