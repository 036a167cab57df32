import { useState } from "preact/hooks";
import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { hiddenFields } from "../../../src/protocol/shownFields.ts";
import { sentence } from "../../commands/run.ts";
import { changeEntity, readEntity, type Written, type WrittenValues } from "../entities.ts";
import { isSameValue } from "../fields/valueWords.ts";
import type { Conflict } from "./EntityFields.tsx";

/** What is written and what stood there when this person began, by key. */
type Draft = Readonly<Record<string, { written: Written; begun: Written }>>;

export interface EntityDraft {
  /** What the fields show. */
  values: WrittenValues;
  isChanged: boolean;
  isSaving: boolean;
  wrong: Readonly<Record<string, string>>;
  /** What is wrong with none of the fields. */
  problem: string | null;
  conflicts: Readonly<Record<string, Conflict>>;
  write: (key: string, value: Written) => void;
  keep: (key: string) => void;
  take: (key: string) => void;
  discard: () => void;
  save: () => Promise<void>;
}

/** What is being written over an entity, which others may change meanwhile: what they did is decided field by field. */
export function useEntityDraft(entity: EntityView, fields: readonly Field[], onEntity: (entity: EntityView) => void): EntityDraft {
  const [draft, setDraft] = useState<Draft>({});
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const stands = (key: string) => ownValue(entity.values, key) ?? null;
  const written = Object.entries(draft).filter(([key, { written: said }]) => !isSameValue(said, stands(key)));
  const values = { ...entity.values, ...Object.fromEntries(written.map(([key, { written: said }]) => [key, said])) };
  // What was written where nobody sees it any more stays here.
  const hidden = hiddenFields(fields, values);
  const mine = written.filter(([key]) => !hidden.has(key));
  const conflicts = Object.fromEntries(
    mine
      .filter(([key, { begun }]) => !isSameValue(begun, stands(key)))
      .map(([key]): [string, Conflict] => [key, { by: entity.updatedBy, theirs: stands(key) }]),
  );
  const without = (key: string) => Object.fromEntries(Object.entries(draft).filter(([other]) => other !== key));
  return {
    values,
    isChanged: mine.length > 0,
    isSaving,
    wrong,
    problem,
    conflicts,
    write: (key, said) => {
      setDraft({ ...draft, [key]: { written: said, begun: ownValue(draft, key)?.begun ?? stands(key) } });
      setWrong(Object.fromEntries(Object.entries(wrong).filter(([other]) => other !== key)));
    },
    keep: (key) => setDraft({ ...draft, [key]: { written: ownValue(draft, key)?.written ?? null, begun: stands(key) } }),
    take: (key) => setDraft(without(key)),
    discard: () => {
      setDraft({});
      setWrong({});
      setProblem(null);
    },
    save: async () => {
      if (isSaving || mine.length === 0 || Object.keys(conflicts).length > 0) return;
      setSaving(true);
      setProblem(null);
      try {
        const changed = Object.fromEntries(mine.map(([key, { written: said }]) => [key, said]));
        onEntity(await changeEntity(entity.blueprint, entity.id, changed, entity.version));
        setDraft({});
        setWrong({});
      } catch (error) {
        // What stands there now is read, and shows itself as a conflict of its field.
        if (error instanceof Refusal && error.code === "stale") onEntity(await readEntity(entity.blueprint, entity.id));
        else {
          const told = wrongOf(error);
          setWrong(told.wrong);
          setProblem(told.problem);
        }
      } finally {
        setSaving(false);
      }
    },
  };
}

/** What was refused, beside its field where it is about one. */
export function wrongOf(error: unknown): { wrong: Readonly<Record<string, string>>; problem: string | null } {
  const key = error instanceof Refusal ? /^values\.([^.]+)/.exec(error.path ?? "")?.[1] : undefined;
  return key === undefined ? { wrong: {}, problem: sentence(error) } : { wrong: { [key]: sentence(error) }, problem: null };
}
