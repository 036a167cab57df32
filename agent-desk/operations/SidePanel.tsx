import { CopyPlus, Play, Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { OperationView } from "../../src/protocol/operations.ts";
import { CommandForm } from "../commands/CommandForm.tsx";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import benchStyles from "./Bench.module.css";
import type { Draft } from "./draft.ts";
import { DeleteOperation, UnpublishOperation } from "./EndDialogs.tsx";
import { LastRuns } from "./LastRuns.tsx";
import listStyles from "./Operations.module.css";
import type { VersionLine } from "./operations.ts";
import { operationsAddress } from "./operationsRoute.ts";
import { PresetDialog } from "./PresetDialog.tsx";
import { lineOf } from "./parameterWords.ts";
import { ShareDialog } from "./ShareDialog.tsx";
import { VersionsSection } from "./VersionsSection.tsx";

interface SideLook {
  stored: OperationView | null;
  versions: readonly VersionLine[];
  draft: Draft;
  values: Readonly<Record<string, string>>;
  onChange: (changes: Partial<Draft>) => void;
  /** What is said of it besides its versions is another: shared, published, deleted. */
  onChanged: () => void;
  onCompare: (version: number) => void;
  onRestore: (version: number) => void;
  onPublish: (version: number) => void;
}

type Over = "run" | "share" | "preset" | "unpublish" | "delete" | null;

/** Beside the work: how it is run, who may, and what was saved. */
export function SidePanel({ stored, versions, draft, values, onChange, onChanged, onCompare, onRestore, onPublish }: SideLook) {
  const [over, setOver] = useState<Over>(null);
  const close = () => setOver(null);
  return (
    <aside class={benchStyles.side} aria-label="About this operation">
      <section>
        <h3>As a command</h3>
        <p class={benchStyles.line}>{lineOf(draft.name || "…", draft.parameters, values)}</p>
        {stored === null || stored.published === null ? (
          <p class={parts.hint}>Publish it, and it is run like this at the desk, in the chat, by HTTP and on the command line.</p>
        ) : (
          <>
            <p class={parts.hint}>At the desk, in the chat, by HTTP and on the command line. What is missing is asked for.</p>
            <Button small command={stored.name} tip="Runs what is published" onClick={() => setOver("run")}>
              <Play aria-hidden="true" /> Run v{stored.published}
            </Button>
          </>
        )}
      </section>
      <section>
        <h3>Who may run it</h3>
        <div class={listStyles.chips}>
          <Chip>those who make operations</Chip>
          {(stored?.sharedWith ?? []).map((role) => (
            <Chip key={role} tone="accent">
              {role}
            </Chip>
          ))}
        </div>
        {stored !== null && (
          <Button small command="operation.share" tip="Share it with others" onClick={() => setOver("share")}>
            <Users aria-hidden="true" /> Share
          </Button>
        )}
        <label class={parts.ticked}>
          <input
            type="checkbox"
            checked={draft.audience === "visitor"}
            onChange={(event) => onChange({ audience: event.currentTarget.checked ? "visitor" : "staff" })}
          />
          Visitors too, where an inbox publishes it
        </label>
      </section>
      {stored !== null && (
        <>
          <VersionsSection stored={stored} versions={versions} onCompare={onCompare} onRestore={onRestore} onPublish={onPublish} />
          <LastRuns name={stored.name} />
          <section>
            <h3>More</h3>
            <div class={listStyles.chips}>
              <Button small command="operation.create" tip="The same, with some values given" onClick={() => setOver("preset")}>
                <CopyPlus aria-hidden="true" /> Save again with values
              </Button>
              {stored.published !== null && (
                <Button small command="operation.unpublish" tip="Nobody runs it any more" onClick={() => setOver("unpublish")}>
                  Take back
                </Button>
              )}
              <Button small tone="danger" command="operation.delete" tip="With all its versions" onClick={() => setOver("delete")}>
                Delete
              </Button>
            </div>
          </section>
          {over === "run" && <CommandForm name={stored.name} begin={{ ...values }} onClose={close} />}
          {over === "share" && <ShareDialog operation={stored} onClose={close} onDone={onChanged} />}
          {over === "preset" && <PresetDialog stored={stored} draft={draft} values={values} onClose={close} onDone={onChanged} />}
          {over === "unpublish" && <UnpublishOperation name={stored.name} onClose={close} onDone={onChanged} />}
          {over === "delete" && (
            <DeleteOperation
              operation={stored}
              versions={versions.length}
              onClose={close}
              onDone={() => {
                onChanged();
                location.hash = operationsAddress;
              }}
            />
          )}
        </>
      )}
    </aside>
  );
}
