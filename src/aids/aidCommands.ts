import { v7 as newId } from "uuid";
import { z } from "zod";
import type { AccountPrincipal } from "../access/principal.ts";
import { type Args, type CommandResult, defineCommand, type StaffCommand } from "../commands/command.ts";
import { newerStands } from "../commands/runs/newerStands.ts";
import { type Database, sqlState } from "../platform/database/database.ts";
import type { Platform } from "../platform/platform.ts";
import type { ArgSchema } from "../protocol/commands.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type AidKind, deleteOwned, findOwned, insertOwned, listOwned, mostOfAKind, type OwnedItem, updateOwned } from "./aidStore.ts";
import { tellAidsChanged } from "./aids.ts";
import { checkName } from "./bodies.ts";
import { mayChange, nearestFirst, ownerFor, ownerInWords, sees } from "./owner.ts";

export interface Aiding extends Pick<Platform, "bus"> {
  database: Pick<Database, "forTenant">;
  teamExists: (tenant: string, key: string) => Promise<boolean>;
}

type ItemOf<Kind extends AidKind> = Extract<OwnedItem, { kind: Kind }>;

/** What makes one kind of owned thing: its words, and how its body is read from the arguments. */
export interface AidDefinition<Kind extends AidKind> {
  kind: Kind;
  /** As in `canned.create`. */
  group: string;
  /** As a person says it. */
  noun: string;
  plural: string;
  args: Record<string, ArgSchema>;
  /** Which of them making one needs. */
  required: string[];
  /** The body, of the arguments and of what stood there before. Refusal `invalid_value`. */
  bodyOf(call: { principal: AccountPrincipal; args: Args }, before: ItemOf<Kind> | undefined): Promise<object>;
}

const forWhom: ArgSchema = {
  type: "string",
  description: 'Whom it is for: "me", "everyone" or a team\'s key; you alone where it is left out.',
  maxLength: 60,
};
const name: ArgSchema = { type: "string", description: "What it is called.", maxLength: 200 };

/** `<group>.create`, `.update`, `.delete` and `.list` of a kind. */
export function aidCommands<Kind extends AidKind>(deps: Aiding, definition: AidDefinition<Kind>): StaffCommand[] {
  const { kind, group, noun, plural, args } = definition;
  const which: ArgSchema = { type: "string", description: `The ${noun}: its name or its id.`, maxLength: 200 };
  const base = { audience: "staff", source: "built-in", permission: "conversations.answer" } as const;
  return [
    defineCommand({
      ...base,
      name: `${group}.create`,
      summary: `Makes a ${noun}.`,
      risk: "write",
      args: {
        type: "object",
        properties: { name, ...args, for: forWhom },
        required: ["name", ...definition.required],
        additionalProperties: false,
      },
      run: async (call) => await create(deps, definition, call),
    }),
    defineCommand({
      ...base,
      name: `${group}.update`,
      summary: `Changes a ${noun}.`,
      risk: "write",
      args: {
        type: "object",
        properties: {
          [group]: which,
          name,
          ...args,
          for: { ...forWhom, description: 'Whom it is for: "me", "everyone" or a team\'s key; as it was where it is left out.' },
          version: { type: "integer", description: "The version that was changed; refused where it is another one by now.", minimum: 1 },
        },
        required: [group],
        additionalProperties: false,
      },
      undo: {
        hours: 24,
        plan: async ({ principal, kept }) => {
          const { now, before } = await changed(deps, definition, principal, kept);
          return {
            changes: [{ text: `“${now.name}” becomes what it was before, “${before.name}”.`, kind: "change" }],
            facts: { version: now.version },
          };
        },
        run: async ({ principal, kept }) => {
          const { now, before } = await changed(deps, definition, principal, kept);
          mayChange(principal, now.owner);
          const sql = deps.database.forTenant(principal.tenant);
          const version = await unlessTaken(noun, before.name, before.owner, () => updateOwned(sql, { ...now, ...before }));
          if (version === undefined) throw newerStands(`the ${noun} “${now.name}” was changed in this moment`);
          tellAidsChanged(deps, principal.tenant);
          return { messages: [{ text: `The ${noun} “${before.name}” is as it was.` }], data: { id: now.id, version } };
        },
      },
      run: async (call) => await update(deps, definition, call),
    }),
    defineCommand({
      ...base,
      name: `${group}.delete`,
      summary: `Deletes a ${noun}.`,
      risk: "destructive",
      args: { type: "object", properties: { [group]: which }, required: [group], additionalProperties: false },
      run: async ({ principal, args: given }) => {
        const found = await findMine(deps, principal, definition, String(given[group]));
        mayChange(principal, found.owner);
        await deleteOwned(deps.database.forTenant(principal.tenant), found.id);
        tellAidsChanged(deps, principal.tenant);
        return { messages: [{ text: `The ${noun} “${found.name}” is deleted.` }], data: { id: found.id } };
      },
    }),
    defineCommand({
      ...base,
      permission: "conversations.read",
      name: `${group}.list`,
      summary: `Lists the ${plural} that you can use.`,
      risk: "read",
      args: { type: "object", properties: {}, additionalProperties: false },
      run: async ({ principal }) => {
        const all = await listOwned(deps.database.forTenant(principal.tenant));
        const mine = all.filter((item) => item.kind === kind && sees(principal.account, item.owner));
        const lines = mine.map((item) => `${item.name} (${ownerInWords(item.owner)})`);
        return { messages: [{ text: lines.length === 0 ? `There are no ${plural} yet.` : lines.join("\n") }], data: { items: mine } };
      },
    }),
  ];
}

type Call = Parameters<StaffCommand["run"]>[0];

async function create<Kind extends AidKind>(
  deps: Aiding,
  definition: AidDefinition<Kind>,
  { principal, args }: Call,
): Promise<CommandResult> {
  const { kind, noun, plural } = definition;
  const owner = await ownerFor(String(args["for"] ?? "me"), principal, deps.teamExists);
  const called = checkName(String(args["name"]));
  const body = await definition.bodyOf({ principal, args }, undefined);
  const id = newId();
  const made = await unlessTaken(noun, called, owner, () =>
    insertOwned(deps.database.forTenant(principal.tenant), { id, kind, owner, name: called, body }),
  );
  if (!made) throw new Refusal("conflict", `${mostOfAKind.toLocaleString("en")} ${plural} are the limit; delete some first.`);
  tellAidsChanged(deps, principal.tenant);
  return { messages: [{ text: `The ${noun} “${called}” is made ${ownerInWords(owner)}.` }], data: { id, version: 1 } };
}

async function update<Kind extends AidKind>(
  deps: Aiding,
  definition: AidDefinition<Kind>,
  { principal, args }: Call,
): Promise<CommandResult> {
  const { group, noun } = definition;
  const before = await findMine(deps, principal, definition, String(args[group]));
  mayChange(principal, before.owner);
  if (args["version"] !== undefined && args["version"] !== before.version) throw stale(noun, before);
  const owner = args["for"] === undefined ? before.owner : await ownerFor(String(args["for"]), principal, deps.teamExists);
  const called = args["name"] === undefined ? before.name : checkName(String(args["name"]));
  const body = await definition.bodyOf({ principal, args }, before);
  const sql = deps.database.forTenant(principal.tenant);
  const version = await unlessTaken(noun, called, owner, () => updateOwned(sql, { ...before, owner, name: called, body }));
  if (version === undefined) throw stale(noun, await findMine(deps, principal, definition, before.id));
  tellAidsChanged(deps, principal.tenant);
  const { kind: _, id, version: __, owner: wasFor, name: wasCalled, ...wasBody } = before;
  return {
    messages: [{ text: `The ${noun} “${called}” is changed.` }],
    data: { id, version },
    undo: { id, version, before: { owner: wasFor, name: wasCalled, body: wasBody } },
  };
}

const changedAid = z.object({
  id: z.string(),
  version: z.number(),
  before: z.object({ owner: z.string(), name: z.string(), body: z.record(z.string(), z.unknown()) }),
});

/** What stands now of what was changed, and what stood before. Refusal `stale` where somebody changed it since. */
async function changed<Kind extends AidKind>(
  { database }: Pick<Aiding, "database">,
  { kind, noun }: Pick<AidDefinition<Kind>, "kind" | "noun">,
  principal: AccountPrincipal,
  kept: unknown,
) {
  const { id, version, before } = changedAid.parse(kept);
  const [now] = (await findOwned(database.forTenant(principal.tenant), kind, id)).filter((item) => sees(principal.account, item.owner));
  if (now === undefined) throw newerStands(`the ${noun} “${before.name}” is gone`);
  if (now.version !== version) throw newerStands(`the ${noun} “${now.name}” was changed since`);
  return { now, before };
}

/** By id or name; of several of one name one's own, then a team's. Refusal `not_found`. */
export async function findMine<Kind extends AidKind>(
  { database }: Pick<Aiding, "database">,
  principal: AccountPrincipal,
  { kind, group, noun }: Pick<AidDefinition<Kind>, "kind" | "group" | "noun">,
  idOrName: string,
): Promise<ItemOf<Kind>> {
  const found = await findOwned(database.forTenant(principal.tenant), kind, idOrName.trim());
  const [mine] = found.filter((item) => sees(principal.account, item.owner)).sort(nearestFirst);
  if (mine !== undefined) return mine;
  throw new Refusal("not_found", `There is no ${noun} “${idOrName.slice(0, 60)}”; "${group}.list" shows yours.`, { path: `args.${group}` });
}

async function unlessTaken<Result>(noun: string, called: string, owner: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Refusal("conflict", `There is a ${noun} “${called}” ${ownerInWords(owner)} already.`, { path: "args.name" });
  }
}

function stale(noun: string, now: OwnedItem): Refusal {
  const { kind: _, id: __, ...current } = now;
  return new Refusal("stale", `The ${noun} “${now.name}” was changed meanwhile; look at it again, then save.`, {
    path: "args.version",
    current,
  });
}
