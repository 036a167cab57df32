import { listRoles } from "../../access/roles/roleStore.ts";
import { isPredefined } from "../../access/roles/roles.ts";
import type { ApprovalRule, ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { Args, Command, CommandResult, PlanCall, StaffCommand } from "../command.ts";
import { commandOf, type RunOutside } from "../runs/runOutside.ts";
import { settingsCommand } from "../settingsCommand.ts";
import { usualHours } from "./approvalRules.ts";
import { deleteRule, findRule, listRules, saveRule, type TenantRule } from "./approvalStore.ts";

const command: ArgSchema = { type: "string", description: 'The command, like "role.grant".', maxLength: 100 };

/** `approval.*`: which commands nobody runs alone in this tenant. */
export function approvalCommands(outside: () => Pick<RunOutside, "database" | "clock" | "registry">): StaffCommand[] {
  const sqlOf = ({ principal }: Pick<PlanCall, "principal">) => outside().database.forTenant(principal.tenant);
  /** Whoever could take a rule away alone would be bound by none. */
  const asTheRule = async (call: PlanCall): Promise<ApprovalRule[]> => {
    const rule = await findRule(sqlOf(call), named(call.args));
    return rule === undefined ? [] : [{ by: `role:${rule.role}`, quorum: rule.quorum }];
  };
  const changing = (
    name: string,
    summary: string,
    properties: Record<string, ArgSchema>,
    required: string[],
    run: (call: PlanCall) => Promise<CommandResult>,
  ): StaffCommand => ({
    ...settingsCommand(name, summary, { command, ...properties }, ["command", ...required], run, "roles.manage"),
    stepUp: true,
    approval: asTheRule,
    plan: async (call) => {
      const now = await findRule(sqlOf(call), named(call.args));
      const text = now === undefined ? `"${named(call.args)}" needs nobody's approval now.` : `Now: ${inWords(now)}.`;
      return {
        changes: [{ text, kind: "change" }],
        facts: now === undefined ? {} : { role: now.role, quorum: now.quorum, hours: now.hours },
      };
    },
  });
  return [
    changing(
      "approval.require",
      "Lets nobody in this workspace run a command without the approval of others.",
      {
        by: { type: "string", description: 'Who approves: the key of a role; "role.list" shows them.', maxLength: 60 },
        quorum: { type: "integer", description: "How many of them; one where it is left out.", minimum: 1, maximum: 20 },
        hours: { type: "integer", description: `How long a run waits; ${usualHours} where it is left out.`, minimum: 1, maximum: 168 },
      },
      ["by"],
      async (call) => {
        const { principal, args } = call;
        const role = String(args["by"]).trim().toLowerCase();
        if (!isPredefined(role) && !(await listRoles(sqlOf(call))).some(({ key }) => key === role))
          throw new Refusal("invalid_value", `There is no role "${role.slice(0, 60)}"; "role.list" shows them.`, { path: "args.by" });
        const rule = {
          command: approvable(await commandOf(outside(), principal.tenant, named(args)), named(args)).name,
          role,
          quorum: Number(args["quorum"] ?? 1),
          hours: Number(args["hours"] ?? usualHours),
        };
        await saveRule(sqlOf(call), rule, principal.account, new Date(outside().clock.now()));
        return { messages: [{ text: `${inWords(rule)}.` }], data: { rule } };
      },
    ),
    changing("approval.remove", "Lets a command be run without the approval that this workspace asked for.", {}, [], async (call) => {
      const name = named(call.args);
      if (!(await deleteRule(sqlOf(call), name)))
        throw new Refusal("not_found", `"${name.slice(0, 60)}" needs nobody's approval here.`, { path: "args.command" });
      return { messages: [{ text: `"${name}" needs nobody's approval any more.` }] };
    }),
    {
      ...settingsCommand(
        "approval.list",
        "Lists the commands that need an approval in this workspace.",
        {},
        [],
        async (call) => {
          const rules = await listRules(sqlOf(call));
          const text = rules.length === 0 ? "No command needs an approval here." : rules.map((rule) => `${inWords(rule)}.`).join("\n");
          return { messages: [{ text }], data: { rules } };
        },
        "commands.run",
      ),
      risk: "read",
    },
  ];
}

function named(args: Args): string {
  return String(args["command"]).trim().normalize("NFKC").toLowerCase();
}

/** What only reads needs nobody, and what decides about runs can't wait for itself. Refusal `invalid_value`. */
function approvable(found: Command | undefined, name: string): Command {
  const refuse = (why: string) => new Refusal("invalid_value", why, { path: "args.command" });
  if (found === undefined) throw refuse(`There is no command "${name.slice(0, 60)}".`);
  if (found.risk === "read") throw refuse(`"${found.name}" only reads: it needs nobody's approval.`);
  if (found.name.startsWith("run.") || found.name.startsWith("me.")) throw refuse(`"${found.name}" can't wait for an approval.`);
  return found;
}

function inWords({ command: name, role, quorum, hours }: TenantRule): string {
  const who = quorum === 1 ? `somebody with the role ${role}` : `${quorum} people with the role ${role}`;
  return `"${name}" needs the approval of ${who}, within ${hours} hours`;
}
