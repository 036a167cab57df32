import { validate as isId } from "uuid";
import type { Keys } from "../../access/keys/keys.ts";
import { reachOf } from "../../access/policy.ts";
import { identitySecret } from "../../access/visitorIdentity.ts";
import { type CommandResult, defineCommand, type StaffCommand } from "../../commands/command.ts";
import type { Platform } from "../../platform/platform.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { findInbox, nextIdentityEpoch } from "./identityStore.ts";

type Outside = Pick<Platform, "database"> & { keys: Keys };

const inbox: ArgSchema = { type: "string", description: "The inbox's id, key or name.", maxLength: 200 };

/** With what a site signs who its visitors are. */
export function identityCommands(deps: Outside): StaffCommand[] {
  const define = (name: string, summary: string, risk: StaffCommand["risk"], run: StaffCommand["run"]) =>
    defineCommand<StaffCommand>({
      name,
      summary,
      risk,
      audience: "staff",
      source: "built-in",
      permission: "people.manage",
      stepUp: true,
      audited: "always",
      args: { type: "object", properties: { inbox }, required: ["inbox"], additionalProperties: false },
      run: async (call) => {
        // Whoever can sign for a site can be each of its visitors, and read what they wrote.
        if (reachOf(call.principal, "conversations.read") !== "all")
          throw new Refusal("forbidden", "This opens every conversation of the site: it is for who may read all of them.");
        return await run(call);
      },
    });
  return [
    define(
      "inbox.identity-secret",
      "Shows the secret with which an inbox's site signs who its visitors are.",
      "read",
      async ({ principal, args }) => {
        const found = await inboxOf(deps, principal.tenant, args["inbox"]);
        return shown(
          deps,
          found,
          "Your server signs a JWT with this secret (HS256), for an hour or so, and the page hands it to the chat.",
        );
      },
    ),
    define(
      "inbox.rotate-identity-secret",
      "Gives an inbox a new secret; the old one counts for a day more.",
      "write",
      async ({ principal, args }) => {
        const found = await inboxOf(deps, principal.tenant, args["inbox"]);
        const epoch = await nextIdentityEpoch(deps.database.forTenant(principal.tenant), found.id);
        return shown(deps, { ...found, epoch }, "This is the new secret; the old one counts for a day more.");
      },
    ),
  ];
}

function shown({ keys }: Outside, { id, publicKey, epoch }: { id: string; publicKey: string; epoch: number }, text: string): CommandResult {
  const secret = identitySecret(keys, id, epoch);
  return {
    messages: [
      {
        text: `${text} Secret: ${secret}. Claims: sub (your name for the person), exp (at most a day ahead), aud "${publicKey}", name, email.`,
      },
    ],
    data: { algorithm: "HS256", audience: publicKey },
    once: { secret },
  };
}

async function inboxOf({ database }: Outside, tenant: string, written: unknown): Promise<{ id: string; publicKey: string; epoch: number }> {
  const name = String(written).trim();
  const found = await findInbox(database.forTenant(tenant), name, isId(name) ? name : null);
  if (found === undefined) throw new Refusal("not_found", `There is no inbox "${name.slice(0, 60)}".`, { path: "args.inbox" });
  return found;
}
