import { validate as isId, v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { EntityNote } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { requireEntity } from "../findEntities.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { deleteNote, type EntityRef, findNote, insertNote, listNotes, type StoredNote } from "./aroundStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock">;

const mostNotes = 1000;
const mostShown = 200;
const longestNote = 10_000;

/** What people wrote about an entity, the newest first. Refusals: `not_found`, `forbidden` for who sees a part of it. */
export async function readNotes(
  outside: Pick<Outside, "database">,
  by: AccountPrincipal,
  key: string,
  wanted: string,
): Promise<EntityNote[]> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  return (await listNotes(sql, ref, mostShown)).map((note) => viewOf(note, by));
}

/** Refusals: as `readNotes`, `invalid_value`, `conflict` where there are too many. */
export async function addNote(outside: Outside, by: AccountPrincipal, key: string, wanted: string, said: string): Promise<EntityNote> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  const text = said.trim();
  if (text === "" || text.length > longestNote || text.includes("\0") || !text.isWellFormed())
    throw new Refusal("invalid_value", `A note has 1 to ${longestNote.toLocaleString("en")} characters.`, { path: "text" });
  const note = { id: newId(), text, byId: by.account, at: new Date(outside.clock.now()) };
  if (!(await insertNote(sql, ref, note, mostNotes)))
    throw new Refusal("conflict", `${mostNotes.toLocaleString("en")} notes are the limit; delete some first.`);
  tellOfEntities(outside, by.tenant, { key }, [{ id: ref.entity }]);
  return viewOf({ ...note, by: by.name }, by);
}

/** One's own; others' by who may make blueprints. Refusals: as `readNotes`, `forbidden`. Answers what it takes to bring it back. */
export async function removeNote(
  outside: Outside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  id: string,
): Promise<Omit<StoredNote, "by">> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  const note = isId(id) ? await findNote(sql, ref, id.toLowerCase()) : undefined;
  if (note === undefined) throw new Refusal("not_found", "There is no such note.", { path: "note" });
  if (note.byId !== by.account && !by.permissions.has("blueprints.manage"))
    throw new Refusal("forbidden", "A note is deleted by who wrote it.", { path: "note" });
  await deleteNote(sql, ref, note.id);
  tellOfEntities(outside, by.tenant, { key }, [{ id: ref.entity }]);
  const { by: _, ...kept } = note;
  return kept;
}

/** Brings back one that was deleted. Refusals as `addNote`. */
export async function putNoteBack(
  outside: Outside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  note: Omit<StoredNote, "by">,
): Promise<void> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  if (!(await insertNote(sql, ref, note, mostNotes))) throw new Refusal("conflict", "It is there again already.");
  tellOfEntities(outside, by.tenant, { key }, [{ id: ref.entity }]);
}

/** A note may say anything of its entity, so it is for who sees all of it. */
export async function requireWholeSight(outside: Pick<Outside, "database">, by: AccountPrincipal, key: string, wanted: string) {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  const { reach, definition } = blueprint;
  const isPart = reach !== "all" && !reach.parts.some(({ fields }, index) => fields === undefined && entity.parts?.[index] === true);
  if (isPart)
    throw new Refusal("forbidden", `You see a part of this ${definition.name.toLowerCase()}; its notes are for who sees all of it.`, {
      path: "id",
    });
  const ref: EntityRef = { blueprint: blueprint.id, entity: entity.id };
  return { ref, sql };
}

function viewOf({ id, text, by, byId, at }: StoredNote, reader: AccountPrincipal): EntityNote {
  return { id, text, by: by ?? "somebody who left", mine: byId === reader.account, at: at.toISOString() };
}
