import { z } from "zod";
import { defineCommand, type StaffCommand } from "../commands/command.ts";
import { newerStands } from "../commands/runs/newerStands.ts";
import { refOf } from "../conversations/conversationCommands.ts";
import { publishConversationEvent } from "../conversations/events.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { contactIdOf, tellContactChanged } from "./changeContact.ts";
import { tagOf } from "./tagCommands.ts";
import { hasTag, mostTagsOfOne, setTag } from "./tagStore.ts";

type Outside = Pick<Platform, "database" | "bus">;
type Subject = "conversation" | "contact";

/** Puts tags on conversations and contacts and takes them off. Repeating it changes nothing. */
export function taggingCommands(deps: Outside): StaffCommand[] {
  return (["conversation", "contact"] as const).flatMap((subject) => [tagging(deps, subject, true), tagging(deps, subject, false)]);
}

function tagging(deps: Outside, subject: Subject, on: boolean): StaffCommand {
  const which: ArgSchema = { type: "string", description: `The ${subject}'s id.`, format: "uuid" };
  return defineCommand<StaffCommand>({
    name: `${subject}.${on ? "tag" : "untag"}`,
    summary: on ? `Puts a tag on a ${subject}.` : `Takes a tag off a ${subject}.`,
    risk: "write",
    audience: "staff",
    source: "built-in",
    permission: "conversations.answer",
    idempotent: true,
    args: {
      type: "object",
      properties: { [subject]: which, tag: { type: "string", description: "The tag: its name or its id.", maxLength: 200 } },
      required: [subject, "tag"],
      additionalProperties: false,
    },
    undo: {
      hours: 24,
      as: `${subject}.${on ? "untag" : "tag"}`,
      plan: async ({ principal, kept }) => {
        const { id, tag, name } = tagged.parse(kept);
        if ((await hasTag(deps.database.forTenant(principal.tenant), subject, id, tag)) !== on)
          throw newerStands(on ? `“${name}” is off by now` : `“${name}” is on again`);
        return { changes: [{ text: on ? `“${name}” is taken off.` : `“${name}” is put on again.`, kind: on ? "remove" : "add" }] };
      },
      run: async ({ principal, kept }) => {
        const { id, tag, name } = tagged.parse(kept);
        await set(deps, principal.tenant, { subject, id, tag, on: !on });
        return { messages: [{ text: on ? `The tag “${name}” is off.` : `Tagged “${name}”.` }] };
      },
    },
    run: async (call) => {
      const { tenant } = call.principal;
      const tag = await tagOf(deps, tenant, call.args["tag"]);
      const id = subject === "conversation" ? refOf(call).id : contactIdOf(call.args["contact"]);
      const changed = await set(deps, tenant, { subject, id, tag: tag.id, on });
      return {
        messages: [{ text: on ? `Tagged “${tag.name}”.` : `The tag “${tag.name}” is off.` }],
        data: { tag: tag.id },
        ...(changed ? { undo: { id, tag: tag.id, name: tag.name } } : {}),
      };
    },
  });
}

/** What taking it back needs. */
const tagged = z.object({ id: z.string(), tag: z.string(), name: z.string() });

/** Whether that changed anything. Refusals: `not_found`, `conflict` where there are too many. */
async function set(
  deps: Outside,
  tenant: string,
  { subject, id, tag, on }: { subject: Subject; id: string; tag: string; on: boolean },
): Promise<boolean> {
  const outcome = await setTag(deps.database.forTenant(tenant), subject, id, tag, on);
  if (outcome === "missing") throw new Refusal("not_found", `There is no such ${subject}.`, { path: `args.${subject}` });
  if (outcome === "full")
    throw new Refusal("conflict", `${mostTagsOfOne} tags on one ${subject} are the limit; take one off first.`, { path: "args.tag" });
  if (outcome === "changed" && subject === "conversation") publishConversationEvent(deps, tenant, { kind: "described", conversation: id });
  if (outcome === "changed" && subject === "contact") await tellContactChanged(deps, tenant, id);
  return outcome === "changed";
}
