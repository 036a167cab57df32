import type { EntityLook, EntityViewItem } from "../../src/protocol/entityViews.ts";
import { requestAsMe } from "../session/session.ts";

/** The saved views of a blueprint: this person's own and everyone's, by name. */
export async function listViews(key: string): Promise<EntityViewItem[]> {
  return (await requestAsMe<{ items: EntityViewItem[] }>({ method: "GET", path: pathOf(key) })).items;
}

export async function saveView(key: string, view: { name: string; shared: boolean; look: EntityLook }): Promise<EntityViewItem> {
  return await requestAsMe({ method: "POST", path: pathOf(key), body: view });
}

/** Refusal `stale` where it is another version by now. */
export async function changeView(key: string, { id, version }: EntityViewItem, look: EntityLook): Promise<EntityViewItem> {
  return await requestAsMe({ method: "PATCH", path: pathOf(key, id), body: { look, version } });
}

export async function deleteView(key: string, id: string): Promise<void> {
  await requestAsMe({ method: "DELETE", path: pathOf(key, id) });
}

function pathOf(key: string, id?: string): string {
  return `blueprints/${encodeURIComponent(key)}/views${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}
