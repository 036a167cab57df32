import type { EntityChange, EntityView, FieldValue } from "../../src/protocol/blueprints.ts";
import { requestAsMe } from "../session/session.ts";

/** As somebody writes it; null empties a field. What doesn't fit, the server says. */
export type Written = FieldValue | null;
export type WrittenValues = Readonly<Record<string, Written>>;

/** What a list is asked: a filter as HTTP takes it, and fields with `-` for descending. */
export interface Question {
  filter: object | null;
  sort: readonly string[];
  trashed: boolean;
}

export interface EntityPage {
  items: EntityView[];
  nextCursor: string | null;
}

export async function listEntities(key: string, { filter, sort, trashed }: Question, limit: number, cursor?: string): Promise<EntityPage> {
  const query = new URLSearchParams({ limit: String(limit) });
  if (filter !== null) query.set("filter", JSON.stringify(filter));
  if (sort.length > 0) query.set("sort", sort.join(","));
  if (trashed) query.set("trashed", "true");
  if (cursor !== undefined) query.set("cursor", cursor);
  return await requestAsMe({ method: "GET", path: `${pathOf(key)}?${query}` });
}

/** Also from the trash. Refusal `not_found`. */
export async function readEntity(key: string, id: string): Promise<EntityView> {
  return await requestAsMe({ method: "GET", path: pathOf(key, id) });
}

/** Its changes, the newest first. */
export async function readHistory(key: string, id: string): Promise<EntityChange[]> {
  return (await requestAsMe<{ items: EntityChange[] }>({ method: "GET", path: `${pathOf(key, id)}/history` })).items;
}

/** Once for each key, where the command that then makes it can say the values: neither an emptied field nor a choice with a comma. */
export async function createEntity(key: string, values: WrittenValues, idempotencyKey: string): Promise<EntityView> {
  const isSayable = Object.values(values).every(
    (value) => value !== null && !(Array.isArray(value) && value.some((one) => one.includes(","))),
  );
  return await requestAsMe({ method: "POST", path: pathOf(key), body: { values }, ...(isSayable ? { idempotencyKey } : {}) });
}

/** Refusal `stale` where somebody changed the same fields since `version`. */
export async function changeEntity(key: string, id: string, values: WrittenValues, version: number): Promise<EntityView> {
  return await requestAsMe({ method: "PATCH", path: pathOf(key, id), body: { values, version } });
}

/** As the flow of its blueprint has it. Refusals: what the transition asks for. */
export async function takeTransition(key: string, id: string, transition: string): Promise<EntityView> {
  return await requestAsMe({
    method: "POST",
    path: `${pathOf(key, id)}/transitions/${encodeURIComponent(transition)}`,
    body: { values: {} },
  });
}

export async function trashEntity(key: string, id: string): Promise<void> {
  await requestAsMe({ method: "DELETE", path: pathOf(key, id) });
}

export async function restoreEntity(key: string, id: string): Promise<EntityView> {
  return await requestAsMe({ method: "POST", path: `${pathOf(key, id)}/restore` });
}

function pathOf(key: string, id?: string): string {
  return `blueprints/${encodeURIComponent(key)}/entities${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}
