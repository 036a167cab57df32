import { useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { allowed, learnAllowed } from "../../commands/allowed.ts";
import { CommandDialog } from "../../commands/CommandDialog.tsx";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { ItemMenu } from "../../look/ItemMenu.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { now } from "../../shell/now.ts";
import { manyOf, readBlueprint, type VersionLine } from "../blueprints.ts";
import type { WrittenValues } from "../entities.ts";
import { isMoment } from "../fields/fieldTypes.ts";
import { MigrateDialog } from "../migration/MigrateDialog.tsx";
import { EntityFields } from "../panel/EntityFields.tsx";
import { asField, type BlueprintDraft } from "./blueprintDraft.ts";
import { type Change, changesBetween } from "./changes.ts";
import styles from "./Editor.module.css";
import { IndexStates } from "./IndexStates.tsx";

interface SideLook {
  stored: BlueprintView | null;
  versions: readonly VersionLine[];
  draft: BlueprintDraft;
  onRestore: (version: number) => Promise<void>;
  onDeleted: () => void;
}

/** What becomes of a draft: its form, and what differs from the last version; and the versions there were. */
export function EditorSide({ stored, versions, draft, onRestore, onDeleted }: SideLook) {
  const [isDeleting, setDeleting] = useState(false);
  const changes = stored === null ? [] : changesBetween(stored, draft);
  return (
    <aside class={styles.side} aria-label="What becomes of it">
      {changes.length > 0 && stored !== null && (
        <section aria-label="What differs">
          <h3>Version {stored.latest + 1} differs</h3>
          <ChangeList changes={changes} />
        </section>
      )}
      <Preview draft={draft} />
      {stored !== null && <IndexStates key={stored.version} stored={stored} />}
      {stored !== null && <Versions stored={stored} versions={versions} onRestore={onRestore} />}
      {stored !== null && allowed.value.has("blueprint.delete") && stored.trashedAt === null && (
        <section>
          <Button small tone="danger" command="blueprint.delete" tip="Its entities stay readable" onClick={() => setDeleting(true)}>
            Delete {manyOf(stored.key).toLocaleLowerCase()}
          </Button>
        </section>
      )}
      {isDeleting && stored !== null && (
        <CommandDialog
          title={`Delete ${manyOf(stored.key).toLocaleLowerCase()}?`}
          command="blueprint.delete"
          args={() => ({ blueprint: stored.key })}
          label="Delete"
          danger
          onClose={() => setDeleting(false)}
          onDone={() => {
            void learnAllowed();
            onDeleted();
          }}
        >
          {() => (
            <p>
              They stay readable in the trash, nothing more can be done with them, and their commands end. Restoring brings everything back.
            </p>
          )}
        </CommandDialog>
      )}
    </aside>
  );
}

function Preview({ draft }: { draft: BlueprintDraft }) {
  const [values, setValues] = useState<WrittenValues>({});
  const fields = draft.fields.map(asField);
  const begun = Object.fromEntries(
    fields.flatMap((field) => (field.default === undefined || isMoment(field) ? [] : [[field.key, field.default]])),
  );
  return (
    <section class={styles.preview} aria-label="Preview">
      <h3>
        Preview <span class={parts.hint}>the form of a new {draft.name.toLocaleLowerCase() || "one"}; nothing is saved</span>
      </h3>
      <EntityFields
        id="preview"
        isNew
        fields={fields}
        values={{ ...begun, ...values }}
        wrong={{}}
        onInput={(key, value) => setValues({ ...values, [key]: value })}
      />
    </section>
  );
}

function ChangeList({ changes }: { changes: readonly Change[] }) {
  return (
    <ul class={styles.changes}>
      {changes.map(({ kind, of, text }, index) => (
        <li key={index} data-kind={kind}>
          <i aria-hidden="true">{kind === "new" ? "+" : kind === "gone" ? "−" : "~"}</i>
          <span>
            <b>{of || "Without a name"}</b> {text}
          </span>
        </li>
      ))}
    </ul>
  );
}

interface VersionsLook {
  stored: BlueprintView;
  versions: readonly VersionLine[];
  onRestore: (version: number) => Promise<void>;
}

function Versions({ stored, versions, onRestore }: VersionsLook) {
  const [shown, setShown] = useState<{ version: number; changes: readonly Change[] } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [to, setTo] = useState<number | null>(null);
  const failed = (error: unknown) => setWrong(sentence(error));
  const compare = async (version: number) => {
    const [before, after] = await Promise.all([
      version === 1 ? null : readBlueprint(stored.key, version - 1),
      readBlueprint(stored.key, version),
    ]);
    setShown({ version, changes: before === null ? [] : changesBetween(before, after) });
  };
  return (
    <section aria-label="Versions">
      <h3>
        Versions <span class={parts.hint}>{versions.length}</span>
      </h3>
      <Wrong>{wrong}</Wrong>
      <ol class={styles.versions}>
        {versions.map(({ version, by, at }) => (
          <li key={version}>
            <div>
              <b>v{version}</b>
              <span class={parts.grow}>
                {by},{" "}
                <time dateTime={at} title={exactTime(at)}>
                  {relativeTime(at, now.value)}
                </time>
              </span>
              <ItemMenu
                label={`What can be done with version ${version}`}
                items={[
                  { label: "What it changed", command: "blueprint.show", onClick: () => void compare(version).catch(failed) },
                  ...(allowed.value.has("blueprint.migrate") && stored.trashedAt === null
                    ? [{ label: "Bring entities to it", command: "blueprint.migrate", onClick: () => setTo(version) }]
                    : []),
                  ...(version === stored.latest
                    ? []
                    : [
                        {
                          label: "Bring it back as a draft",
                          command: "blueprint.update",
                          onClick: () => void onRestore(version).catch(failed),
                        },
                      ]),
                ]}
              />
            </div>
            {shown?.version === version &&
              (shown.changes.length > 0 ? (
                <ChangeList changes={shown.changes} />
              ) : (
                <p class={parts.hint}>{version === 1 ? "It began with it." : "Nothing."}</p>
              ))}
          </li>
        ))}
      </ol>
      {to !== null && <MigrateDialog stored={stored} to={to} onClose={() => setTo(null)} />}
    </section>
  );
}
