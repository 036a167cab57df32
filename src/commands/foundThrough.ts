import { validate as isId } from "uuid";
import { recordPermissions } from "../access/permissions.ts";
import type { AccountPrincipal } from "../access/principal.ts";
import { isContactReachable, readingReach, requireConversation } from "../access/roles/reachStore.ts";
import type { Database } from "../platform/database/database.ts";
import { Refusal } from "../protocol/refusal.ts";
import type { Args, Command, StaffCommand } from "./command.ts";

/**
 * The arguments that name what belongs to a customer, by what they name. Whatever command has one of them finds it through the person who may see
 * it, on every door and as a step of another command.
 */
const named: Readonly<Record<string, "conversation" | "contact">> = {
  conversation: "conversation",
  into: "conversation",
  merged: "conversation",
  contact: "contact",
};

/** The command, which runs only on what whoever runs it may reach. Refusal `not_found`, the same as for what isn't there. */
export function foundThrough({ database }: { database: Pick<Database, "forTenant"> }, command: Command): Command {
  return command.audience === "staff" ? staffFoundThrough(database, command) : command;
}

function staffFoundThrough(database: Pick<Database, "forTenant">, command: StaffCommand): StaffCommand {
  const names = Object.keys(command.args.properties).filter((name) => Object.hasOwn(named, name));
  if (names.length === 0) return command;
  const refuse = async ({ principal, args }: Pick<Parameters<StaffCommand["run"]>[0], "principal" | "args">) => {
    for (const name of names) await refuseBeyond(database, principal, command, name, args);
  };
  const { plan, undo } = command;
  return {
    ...command,
    ...(plan === undefined
      ? {}
      : {
          plan: async (call) => {
            await refuse(call);
            return await plan(call);
          },
        }),
    ...(undo === undefined
      ? {}
      : {
          undo: {
            ...undo,
            plan: async (call) => {
              await refuse(call);
              return await undo.plan(call);
            },
            run: async (call) => {
              await refuse(call);
              return await undo.run(call);
            },
          },
        }),
    run: async (call) => {
      await refuse(call);
      return await command.run(call);
    },
  };
}

async function refuseBeyond(
  database: Pick<Database, "forTenant">,
  principal: AccountPrincipal,
  { permission }: Pick<StaffCommand, "permission">,
  name: string,
  args: Args,
): Promise<void> {
  const id = String(args[name] ?? "").toLowerCase();
  // What can't be an id the command refuses itself.
  if (!isId(id)) return;
  const sql = database.forTenant(principal.tenant);
  if (named[name] === "conversation") {
    await requireConversation(sql, principal, recordPermissions.has(permission) ? permission : "conversations.read", id);
    return;
  }
  if (!(await isContactReachable(sql, readingReach(principal), id)))
    throw new Refusal("not_found", "There is no such contact.", { path: `args.${name}` });
}
