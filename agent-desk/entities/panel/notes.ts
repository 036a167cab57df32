import { useEffect, useRef, useState } from "preact/hooks";
import { newClientId } from "../../../src/client/clientId.ts";
import type { EntityNote, EntityView } from "../../../src/protocol/blueprints.ts";
import { sentence } from "../../commands/run.ts";
import { addNote, deleteNote, type NotesPage, readNotes } from "./around.ts";

export interface Notes extends NotesPage {
  /** What went wrong last. */
  wrong: string | null;
  /** Whether one is being written. */
  isSaving: boolean;
  /** Answers whether it is there. */
  add: (text: string) => Promise<boolean>;
  remove: (id: string) => Promise<void>;
  readOlder: () => Promise<void>;
}

/** The notes of an entity, read again whenever it was; null until they are there, and for who may not see them. */
export function useNotes(entity: EntityView): Notes | null {
  const [page, setPage] = useState<NotesPage | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  /** What is being written, or was without an answer: said again it is the same note. */
  const said = useRef<{ text: string; key: string; isOnItsWay: boolean } | null>(null);
  useEffect(() => {
    let isOver = false;
    readNotes(entity).then(
      (found) => {
        if (!isOver) setPage(found);
      },
      () => {},
    );
    return () => {
      isOver = true;
    };
  }, [entity]);
  if (page === null) return null;
  const change = (to: (items: readonly EntityNote[]) => readonly EntityNote[]) =>
    setPage((now) => (now === null ? null : { ...now, items: to(now.items) }));
  const attempt = async (act: () => Promise<void>): Promise<boolean> => {
    try {
      await act();
      setWrong(null);
      return true;
    } catch (error) {
      setWrong(sentence(error));
      return false;
    }
  };
  const add = async (text: string): Promise<boolean> => {
    if (said.current?.isOnItsWay === true) return false;
    const key = said.current?.text === text ? said.current.key : newClientId();
    said.current = { text, key, isOnItsWay: true };
    setSaving(true);
    const isThere = await attempt(async () => {
      const made = await addNote(entity, text, key);
      change((items) => [made, ...items.filter(({ id }) => id !== made.id)]);
    });
    said.current = isThere ? null : { text, key, isOnItsWay: false };
    setSaving(false);
    return isThere;
  };
  const remove = async (id: string) => {
    await attempt(async () => {
      await deleteNote(entity, id);
      change((items) => items.filter((one) => one.id !== id));
    });
  };
  const readOlder = async () => {
    await attempt(async () => {
      const older = await readNotes(entity, page.nextCursor);
      const there = new Set(older.items.map(({ id }) => id));
      setPage((now) => ({ ...older, items: [...(now?.items ?? []).filter(({ id }) => !there.has(id)), ...older.items] }));
    });
  };
  return { ...page, wrong, isSaving, add, remove, readOlder };
}
