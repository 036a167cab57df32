import { useCallback, useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { sentence } from "../../commands/run.ts";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { listVersions, readBlueprint, type VersionLine } from "../blueprints.ts";
import type { BlueprintPart } from "../dataRoute.ts";
import { BlueprintEditor } from "./BlueprintEditor.tsx";
import { draftOf, newDraft } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";

/** A blueprint with its latest version, or a new one, to be written. */
export function BlueprintPane({ of, part, onChanged }: { of: string | null; part: BlueprintPart; onChanged: () => void }) {
  const [known, setKnown] = useState<{ stored: BlueprintView; versions: VersionLine[] } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const load = useCallback(async () => {
    if (of === null) return;
    try {
      const [stored, versions] = await Promise.all([readBlueprint(of), listVersions(of)]);
      setKnown({ stored, versions });
      setWrong(null);
    } catch (error) {
      setWrong(sentence(error));
    }
  }, [of]);
  useEffect(() => void load(), [load]);
  if (of === null) return <BlueprintEditor stored={null} versions={[]} begin={newDraft()} part={part} onSaved={onChanged} />;
  if (known === null)
    return (
      <section class={styles.editor} aria-busy={wrong === null}>
        <div class={styles.work}>{wrong === null ? <span class={parts.skeleton} style="width: 60%" /> : <Wrong>{wrong}</Wrong>}</div>
      </section>
    );
  return (
    <BlueprintEditor
      {...known}
      begin={draftOf(known.stored)}
      part={part}
      onSaved={async () => {
        await load();
        onChanged();
      }}
    />
  );
}
