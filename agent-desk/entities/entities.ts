import type { EntityChange, EntityView, FieldValue, Named, OtherSide } from "../../src/protocol/blueprints.ts";
import { requestAsMe } from "../session/session.ts";
import { learnNamed, learnOf } from "./fields/named.ts";

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
  const page = await requestAsMe<EntityPage>({ method: "GET", path: `${pathOf(key)}?${query}` });
  learnOf(page.items);
  return page;
}

/** Also from the trash. Refusal `not_found`. */
export async function readEntity(key: string, id: string): Promise<EntityView> {
  return learned(await requestAsMe<EntityView>({ method: "GET", path: pathOf(key, id) }));
}

/** Its changes, the newest first. */
export async function readHistory(key: string, id: string): Promise<EntityChange[]> {
  const { items, named } = await requestAsMe<{ items: EntityChange[]; named: Named }>({
    method: "GET",
    path: `${pathOf(key, id)}/history`,
  });
  learnNamed(named);
  return items;
}

/** Those that have it in one of their relations. */
export async function readOtherSides(key: string, id: string): Promise<OtherSide[]> {
  return (await requestAsMe<{ items: OtherSide[] }>({ method: "GET", path: `${pathOf(key, id)}/other-sides` })).items;
}

/** Once for each key, where the command that then makes it can say the values: neither an emptied field nor a choice with a comma. */
export async function createEntity(key: string, values: WrittenValues, idempotencyKey: string): Promise<EntityView> {
  const isSayable = Object.values(values).every(
    (value) => value !== null && !(Array.isArray(value) && value.some((one) => one.includes(","))),
  );
  const made = await requestAsMe<EntityView>({
    method: "POST",
    path: pathOf(key),
    body: { values },
    ...(isSayable ? { idempotencyKey } : {}),
  });
  return learned(made);
}

/** Refusal `stale` where somebody changed the same fields since `version`. */
export async function changeEntity(key: string, id: string, values: WrittenValues, version: number): Promise<EntityView> {
  return learned(await requestAsMe<EntityView>({ method: "PATCH", path: pathOf(key, id), body: { values, version } }));
}

/** As the flow of its blueprint has it, with values of the fields that it asks for. Refusals: those at the fields, and where it is in another state. */
export async function takeTransition(key: string, id: string, transition: string, values: WrittenValues): Promise<EntityView> {
  const path = `${pathOf(key, id)}/transitions/${encodeURIComponent(transition)}`;
  return learned(await requestAsMe<EntityView>({ method: "POST", path, body: { values } }));
}

export async function trashEntity(key: string, id: string): Promise<void> {
  await requestAsMe({ method: "DELETE", path: pathOf(key, id) });
}

export async function restoreEntity(key: string, id: string): Promise<EntityView> {
  return await requestAsMe({ method: "POST", path: `${pathOf(key, id)}/restore` });
}

function learned(entity: EntityView): EntityView {
  learnOf([entity]);
  return entity;
}

function pathOf(key: string, id?: string): string {
  return `blueprints/${encodeURIComponent(key)}/entities${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}
