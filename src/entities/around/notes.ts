import { validate as isId, v7 as newId } from "uuid";
import type { AccountPrincipal } from "../../access/principal.ts";
import type { Platform } from "../../platform/platform.ts";
import type { EntityNote } from "../../protocol/blueprints.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { blueprintFor } from "../blueprints/saveBlueprints.ts";
import { requireEntity } from "../findEntities.ts";
import { told } from "../sentences/sentences.ts";
import { tellOfEntities } from "../tellEntities.ts";
import { deleteNote, type EntityRef, findNote, insertNote, listNotes, type StoredNote } from "./aroundStore.ts";

type Outside = Pick<Platform, "database" | "bus" | "clock">;

const mostNotes = 1000;
const atOnce = 200;
const longestNote = 10_000;

/**
 * A page of what people wrote about an entity, the newest first; `cursor` is of the page before. Refusals: `not_found`, `forbidden` for who sees a part of it,
 * `invalid_value` for another cursor.
 */
export async function readNotes(
  outside: Pick<Outside, "database">,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  cursor?: string,
): Promise<{ items: EntityNote[]; nextCursor: string | null }> {
  if (cursor !== undefined && !isId(cursor))
    throw new Refusal(
      "invalid_value",
      told((say) => say.noCursor),
      { path: "cursor" },
    );
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  const found = await listNotes(sql, ref, { before: cursor, limit: atOnce + 1 });
  const items = found.slice(0, atOnce).map((note) => viewOf(note, by));
  return { items, nextCursor: found.length > atOnce ? (items.at(-1)?.id ?? null) : null };
}

/** Refusals: as `readNotes`, `invalid_value`, `conflict` where there are too many. */
export async function addNote(outside: Outside, by: AccountPrincipal, key: string, wanted: string, said: string): Promise<EntityNote> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  const text = said.trim();
  if (text === "" || text.length > longestNote || text.includes("\0") || !text.isWellFormed())
    throw new Refusal(
      "invalid_value",
      told((say) => say.noteLength(longestNote)),
      { path: "text" },
    );
  const note = { id: newId(), text, byId: by.account, at: new Date(outside.clock.now()) };
  if (!(await insertNote(sql, ref, note, mostNotes))) throw await whyNot(outside, by, key, ref, note);
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
  if (note === undefined)
    throw new Refusal(
      "not_found",
      told((say) => say.noNote),
      { path: "note" },
    );
  if (note.byId !== by.account && !by.permissions.has("blueprints.manage"))
    throw new Refusal(
      "forbidden",
      told((say) => say.notesOfWriter),
      { path: "note" },
    );
  await deleteNote(sql, ref, note.id);
  tellOfEntities(outside, by.tenant, { key }, [{ id: ref.entity }]);
  const { by: _, ...kept } = note;
  return kept;
}

/** Brings back one that was deleted. Refusals: as `addNote`, `conflict` where it is there. */
export async function putNoteBack(
  outside: Outside,
  by: AccountPrincipal,
  key: string,
  wanted: string,
  note: Omit<StoredNote, "by">,
): Promise<void> {
  const { ref, sql } = await requireWholeSight(outside, by, key, wanted);
  if (!(await insertNote(sql, ref, note, mostNotes))) throw await whyNot(outside, by, key, ref, note);
  tellOfEntities(outside, by.tenant, { key }, [{ id: ref.entity }]);
}

/** Why a note can't be written. */
async function whyNot(
  outside: Pick<Outside, "database">,
  by: AccountPrincipal,
  key: string,
  ref: EntityRef,
  note: Pick<StoredNote, "id">,
): Promise<Refusal> {
  const { sql } = await requireWholeSight(outside, by, key, ref.entity);
  if ((await findNote(sql, ref, note.id)) !== undefined)
    return new Refusal(
      "conflict",
      told((say) => say.noteThereAgain),
    );
  return new Refusal(
    "conflict",
    told((say) => say.notesUpTo(mostNotes)),
  );
}

/** A note may say anything of its entity, so it is for who sees all of it. */
export async function requireWholeSight(outside: Pick<Outside, "database">, by: AccountPrincipal, key: string, wanted: string) {
  const blueprint = await blueprintFor(outside, by, "entities.read", key);
  const sql = outside.database.forTenant(by.tenant);
  const entity = await requireEntity(sql, blueprint, wanted);
  const { reach, definition } = blueprint;
  const isPart = reach !== "all" && !reach.parts.some(({ fields }, index) => fields === undefined && entity.parts?.[index] === true);
  if (isPart)
    throw new Refusal(
      "forbidden",
      told((say) => say.notesOfWhole(definition.name)),
      {
        path: "id",
      },
    );
  const ref: EntityRef = { blueprint: blueprint.id, entity: entity.id };
  return { ref, sql };
}

function viewOf({ id, text, by, byId, at }: StoredNote, reader: AccountPrincipal): EntityNote {
  return { id, text, by: by ?? "somebody who left", mine: byId === reader.account, at: at.toISOString() };
}
