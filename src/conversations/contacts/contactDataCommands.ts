import { validate as isId } from "uuid";
import { reachOf } from "../../access/policy.ts";
import type { AccountPrincipal } from "../../access/principal.ts";
import { defineCommand, type StaffCommand } from "../../commands/command.ts";
import type { ArgSchema } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type ContactCounts, countContact, type Erasing, eraseContact, exportContact } from "./contactData.ts";

const contact: ArgSchema = { type: "string", description: "The contact's id.", format: "uuid" };

/** A person's right to have all that is kept about them, and to have it deleted. */
export function contactDataCommands(deps: Erasing): StaffCommand[] {
  return [
    defineCommand<StaffCommand>({
      name: "contact.export",
      summary: "Everything that is kept about a contact, as data for you to look through: also what colleagues wrote, marked as internal.",
      risk: "read",
      audience: "staff",
      source: "built-in",
      permission: "people.manage",
      audited: "always",
      stepUp: true,
      args: { type: "object", properties: { contact }, required: ["contact"], additionalProperties: false },
      run: async ({ principal, args }) => {
        refuseWhoSeesSome(principal);
        const data = await exportContact(deps, principal.tenant, idOf(args["contact"]));
        return { messages: [{ text: exported }], data: JSON.parse(JSON.stringify(data)) };
      },
    }),
    defineCommand<StaffCommand>({
      name: "contact.erase",
      summary: "Deletes a contact with everything that is kept about them, for good.",
      risk: "destructive",
      audience: "staff",
      source: "built-in",
      permission: "people.manage",
      stepUp: true,
      harmless: ({ preview }) => preview === true,
      plan: async ({ principal, args }) => {
        refuseWhoSeesSome(principal);
        const counts = await countContact(deps, principal.tenant, idOf(args["contact"]));
        return { changes: [{ text: `Would delete for good: ${inWords(counts)}.`, kind: "remove" }] };
      },
      args: {
        type: "object",
        properties: { contact, preview: { type: "boolean", description: "Only count what would be deleted." } },
        required: ["contact"],
        additionalProperties: false,
      },
      run: async ({ principal, args }) => {
        refuseWhoSeesSome(principal);
        const id = idOf(args["contact"]);
        const erased =
          args["preview"] === true ? await countContact(deps, principal.tenant, id) : await eraseContact(deps, principal.tenant, id);
        const text = `${args["preview"] === true ? "Would delete" : "Deleted"} for good: ${inWords(erased)}.`;
        return { messages: [{ text }], data: { erased, preview: args["preview"] === true } };
      },
    }),
  ];
}

const exported =
  "This is everything that is kept about this contact. What was written among colleagues is in it, marked as internal: look through it before you hand it out. Nothing of it was sent to them.";

/** It is everything of a person, also what stands in conversations that are others' to see. */
function refuseWhoSeesSome(principal: AccountPrincipal): void {
  if (reachOf(principal, "conversations.read") !== "all")
    throw new Refusal("forbidden", "This is all that is kept about a person: it is for who may read every conversation.");
}

/** Without what the search makes of the rest at its own pace: a plan would be stale whenever it goes on. */
function inWords(counts: ContactCounts): string {
  const parts = Object.entries(counts).filter(([table, count]) => count > 0 && !table.includes("search"));
  return ["the contact", ...parts.map(([table, count]) => `${count} × ${table.replaceAll("_", " ")}`)].join(", ");
}

function idOf(written: unknown): string {
  const id = String(written).toLowerCase();
  if (!isId(id)) throw new Refusal("not_found", "There is no such contact.", { path: "args.contact" });
  return id;
}
