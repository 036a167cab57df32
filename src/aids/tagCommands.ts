import { v7 as newId } from "uuid";
import { readingReach } from "../access/roles/reachStore.ts";
import { defineCommand, type StaffCommand } from "../commands/command.ts";
import { sqlState } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { TagItem } from "../protocol/aids.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { tellAidsChanged } from "./aids.ts";
import { checkName } from "./bodies.ts";
import { countTagged, deleteTag, findTag, insertTag, listTags, mostTags, renameTag, untagSome } from "./tagStore.ts";

type Outside = Pick<Platform, "database" | "bus">;

const tag: ArgSchema = { type: "string", description: "The tag: its name or its id.", maxLength: 200 };
const base = { risk: "write", audience: "staff", source: "built-in", permission: "conversations.answer" } as const;

/** Words that sort conversations and contacts. */
export function tagCommands(deps: Outside): StaffCommand[] {
  const args = (properties: Record<string, ArgSchema>) =>
    ({ type: "object", properties, required: Object.keys(properties), additionalProperties: false }) as const;
  const name: ArgSchema = { type: "string", description: "What the tag says.", maxLength: 100 };
  return [
    defineCommand({
      ...base,
      name: "tag.create",
      summary: "Makes a tag.",
      args: args({ name }),
      run: async ({ principal, args: given }) => {
        const called = checkName(String(given["name"]), 40);
        const id = newId();
        const made = await unlessTaken(called, () => insertTag(deps.database.forTenant(principal.tenant), id, called));
        if (!made) throw new Refusal("conflict", `${mostTags} tags are the limit; delete some first.`);
        tellAidsChanged(deps, principal.tenant);
        return { messages: [{ text: `The tag “${called}” is made.` }], data: { id } };
      },
    }),
    defineCommand({
      ...base,
      permission: "conversations.read",
      name: "tag.list",
      summary: "Lists the tags.",
      risk: "read",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        const tags = await listTags(deps.database.forTenant(principal.tenant));
        const text = tags.length === 0 ? "There are no tags yet." : tags.map((each) => each.name).join("\n");
        return { messages: [{ text }], data: { items: tags.map(({ id, name: called }) => ({ id, name: called })) } };
      },
    }),
    defineCommand({
      ...base,
      permission: "conversations.read",
      name: "tag.count",
      summary: "Tells on how many conversations and contacts that you may see a tag is.",
      risk: "read",
      args: args({ tag }),
      run: async ({ principal, args: given }) => {
        const sql = deps.database.forTenant(principal.tenant);
        const found = await tagOf(deps, principal.tenant, given["tag"]);
        const counts = await countTagged(sql, found.id, readingReach(principal));
        return { messages: [{ text: `“${found.name}” is on ${inWords(counts)}.` }], data: { ...counts } };
      },
    }),
    defineCommand({
      ...base,
      permission: "settings.manage",
      name: "tag.rename",
      summary: "Gives a tag another name, wherever it is.",
      args: args({ tag, name }),
      run: async ({ principal, args: given }) => {
        const found = await tagOf(deps, principal.tenant, given["tag"]);
        const called = checkName(String(given["name"]), 40);
        await unlessTaken(called, () => renameTag(deps.database.forTenant(principal.tenant), found.id, called));
        tellAidsChanged(deps, principal.tenant);
        return { messages: [{ text: `“${found.name}” is called “${called}” now.` }], data: { id: found.id } };
      },
    }),
    defineCommand({
      ...base,
      permission: "settings.manage",
      name: "tag.delete",
      summary: "Deletes a tag, and takes it off every conversation and contact.",
      risk: "destructive",
      args: args({ tag }),
      plan: async ({ principal, args: given }) => {
        const found = await tagOf(deps, principal.tenant, given["tag"]);
        const counts = await countTagged(deps.database.forTenant(principal.tenant), found.id);
        const text = `“${found.name}” is taken off ${inWords(counts)}.`;
        return { changes: [{ text, kind: "remove", count: counts.conversations + counts.contacts }], facts: { ...counts } };
      },
      run: async ({ principal, args: given }) => {
        const sql = deps.database.forTenant(principal.tenant);
        const found = await tagOf(deps, principal.tenant, given["tag"]);
        const counts = { conversations: 0, contacts: 0 };
        // In batches: a statement over all that a popular tag is on would run into its deadline. The tag goes last, so that a repeat finds it.
        for (let some = 1; some > 0; counts.conversations += some) some = await untagSome(sql, "conversation", found.id);
        for (let some = 1; some > 0; counts.contacts += some) some = await untagSome(sql, "contact", found.id);
        await deleteTag(sql, found.id);
        tellAidsChanged(deps, principal.tenant);
        return {
          messages: [{ text: `The tag “${found.name}” is deleted; it was on ${inWords(counts)}.` }],
          data: { id: found.id, ...counts },
        };
      },
    }),
  ];
}

/** Refusal `not_found`. */
export async function tagOf({ database }: Pick<Platform, "database">, tenant: string, idOrName: unknown): Promise<TagItem> {
  const found = await findTag(database.forTenant(tenant), String(idOrName).trim());
  if (found !== undefined) return found;
  throw new Refusal("not_found", `There is no tag “${String(idOrName).slice(0, 60)}”; make it with tag.create.`, { path: "args.tag" });
}

function inWords({ conversations, contacts }: { conversations: number; contacts: number }): string {
  const many = (count: number, one: string) => `${count.toLocaleString("en")} ${one}${count === 1 ? "" : "s"}`;
  return `${many(conversations, "conversation")} and ${many(contacts, "contact")}`;
}

async function unlessTaken<Result>(called: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Refusal("conflict", `There is a tag “${called}” already.`, { path: "args.name" });
  }
}
