import { v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import { type Database, sqlState } from "../../platform/database/database.ts";
import type { EntityViewItem } from "../../protocol/entityViews.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { shownShort } from "../../protocol/sentence.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { told } from "../sentences/sentences.ts";
import { lookFor, lookIn } from "./entityLook.ts";
import { deleteView, insertView, listViews, type StoredView, updateView } from "./viewStore.ts";

interface Outside {
  database: Pick<Database, "forTenant">;
}

/** What is said of a view: what isn't stays as it was. */
export interface ViewDraft {
  name?: string | undefined;
  look?: unknown;
  /** Whether all who may read the blueprint have it; only who may make blueprints says so. */
  shared?: boolean | undefined;
  /** The version that was changed. */
  version?: number | undefined;
}

/** Of all people together. */
const mostViews = 1000;
const longestName = 100;

/** The views of a blueprint for whoever asks: their own and everyone's, but those that ask by fields that they don't see. Refusal `not_found`. */
export async function readViews({ database }: Outside, by: AccountPrincipal, key: string): Promise<EntityViewItem[]> {
  const { id, definition } = await blueprintFor({ database }, by, "entities.read", key);
  const views = await listViews(database.forTenant(by.tenant), id, by.account);
  return views.flatMap((view) => {
    const look = lookFor(view.look, definition.fields);
    return look === undefined ? [] : [itemOf({ ...view, look })];
  });
}

/** One of them, by its id or its name. Refusal `not_found`. */
export async function readView({ database }: Outside, by: AccountPrincipal, key: string, wanted: string): Promise<EntityViewItem> {
  const { id: blueprint } = await blueprintFor({ database }, by, "entities.read", key);
  return itemOf(await requireView(database.forTenant(by.tenant), blueprint, by, wanted));
}

/** Refusals: `not_found`, `invalid_value`, `forbidden` for others' without being allowed, `conflict` for a name that is taken. */
export async function createView({ database }: Outside, by: AccountPrincipal, key: string, draft: ViewDraft): Promise<EntityViewItem> {
  const { id: blueprint, definition } = await blueprintFor({ database }, by, "entities.read", key);
  if (draft.shared === true) mayShare(by);
  const view = {
    id: newId(),
    account: draft.shared === true ? null : by.account,
    name: checkedName(draft.name ?? ""),
    look: lookIn(draft.look, definition.fields),
  };
  const made = await unlessTaken(view.name, () => insertView(database.forTenant(by.tenant), blueprint, view, mostViews));
  if (!made)
    throw new Refusal(
      "conflict",
      told((say) => say.viewsUpTo(mostViews)),
    );
  return itemOf({ ...view, version: 1 });
}

/** By its id or its name. Refusals as `createView`, and `stale` where it is another version by now. */
export async function changeView(
  { database }: Outside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  { name, look, shared, version }: ViewDraft,
): Promise<EntityViewItem> {
  const { id: blueprint, definition } = await blueprintFor({ database }, by, "entities.read", key);
  const sql = database.forTenant(by.tenant);
  const before = await requireView(sql, blueprint, by, wanted);
  const isShared = shared ?? before.account === null;
  if (isShared || before.account === null) mayShare(by);
  if (version !== undefined && version !== before.version) throw stale(before);
  const after = {
    ...before,
    account: isShared ? null : by.account,
    name: name === undefined ? before.name : checkedName(name),
    look: look === undefined ? before.look : lookIn(look, definition.fields),
  };
  if (!(await unlessTaken(after.name, () => updateView(sql, blueprint, after)))) throw stale(before);
  return itemOf({ ...after, version: before.version + 1 });
}

/** By its id or its name. Refusals: `not_found`, `forbidden`. */
export async function removeView({ database }: Outside, by: AccountPrincipal, key: string, wanted: string): Promise<string> {
  const { id: blueprint } = await blueprintFor({ database }, by, "entities.read", key);
  const sql = database.forTenant(by.tenant);
  const view = await requireView(sql, blueprint, by, wanted);
  if (view.account === null) mayShare(by);
  await deleteView(sql, blueprint, view.id);
  return view.name;
}

/** One's own before everyone's of the same name. Others' own aren't there. */
async function requireView(
  sql: Parameters<typeof listViews>[0],
  blueprint: string,
  by: AccountPrincipal,
  wanted: string,
): Promise<StoredView> {
  const views = await listViews(sql, blueprint, by.account);
  const named = views.filter(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  const found = views.find(({ id }) => id === wanted) ?? named.find(({ account }) => account !== null) ?? named[0];
  if (found === undefined)
    throw new Refusal(
      "not_found",
      told((say) => say.noView),
      { path: "view" },
    );
  return found;
}

function mayShare({ permissions }: AccountPrincipal): void {
  if (permissions.has("blueprints.manage")) return;
  throw new Refusal(
    "forbidden",
    told((say) => say.viewsOfOthers),
    {
      path: "shared",
    },
  );
}

async function unlessTaken<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new Refusal(
      "conflict",
      told((say) => say.viewThere(shownShort(name))),
      { path: "name" },
    );
  }
}

function stale({ version }: StoredView): Refusal {
  return new Refusal(
    "stale",
    told((say) => say.viewChanged),
    { path: "version", current: { version } },
  );
}

function checkedName(said: string): string {
  const name = said.trim();
  if (name === "" || name.length > longestName || /\p{Cc}/u.test(name) || !name.isWellFormed())
    throw new Refusal(
      "invalid_value",
      told((say) => say.viewNameLength(longestName)),
      { path: "name" },
    );
  return name;
}

function itemOf({ id, account, name, version, look }: StoredView): EntityViewItem {
  return { id, name, shared: account === null, version, look };
}
