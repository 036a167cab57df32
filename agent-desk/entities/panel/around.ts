import { useEffect, useState } from "preact/hooks";
import type { EntityNote, EntityTalk, EntityView } from "../../../src/protocol/blueprints.ts";
import { requestAsMe } from "../../session/session.ts";

type Of = Pick<EntityView, "blueprint" | "id">;

/** The newest first. */
export interface NotesPage {
  items: readonly EntityNote[];
  nextCursor: string | null;
}

export async function readNotes(of: Of, cursor: string | null = null): Promise<NotesPage> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  return await requestAsMe({ method: "GET", path: `${pathOf(of)}/notes${query}` });
}

/** With the same key it is the same note, however often it is asked for. */
export async function addNote(of: Of, text: string, idempotencyKey: string): Promise<EntityNote> {
  return await requestAsMe({ method: "POST", path: `${pathOf(of)}/notes`, body: { text }, idempotencyKey });
}

export async function deleteNote(of: Of, note: string): Promise<void> {
  await requestAsMe({ method: "DELETE", path: `${pathOf(of)}/notes/${encodeURIComponent(note)}` });
}

export async function readTalks(of: Of): Promise<EntityTalk[]> {
  return (await requestAsMe<{ items: EntityTalk[] }>({ method: "GET", path: `${pathOf(of)}/conversations` })).items;
}

function pathOf({ blueprint, id }: Of): string {
  return `blueprints/${encodeURIComponent(blueprint)}/entities/${encodeURIComponent(id)}`;
}

/** What stands beside an entity, read again whenever it was; null until it is there, and for who may not see it. */
export function useBeside<Item>(entity: EntityView, read: (of: Of) => Promise<Item[]>): readonly Item[] | null {
  const [items, setItems] = useState<readonly Item[] | null>(null);
  useEffect(() => {
    let isOver = false;
    read(entity).then(
      (found) => {
        if (!isOver) setItems(found);
      },
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [entity, read]);
  return items;
}
