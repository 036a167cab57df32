import { CircleAlert, CircleCheck } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { tinykeys } from "tinykeys";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { TextField } from "../../settings/fields.tsx";
import { useDesk } from "../../shell/deskContext.ts";
import { changeBlueprint, createBlueprint, manyOf, readBlueprint, type VersionLine } from "../blueprints.ts";
import { entitiesAddress } from "../dataRoute.ts";
import { type BlueprintDraft, draftOf, fieldsOf, isChanged, keepDraft, readDraft, renamed } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { EditorSide } from "./EditorSide.tsx";
import { FieldList } from "./FieldList.tsx";

interface EditorLook {
  /** Null of a new one. */
  stored: BlueprintView | null;
  versions: readonly VersionLine[];
  begin: BlueprintDraft;
  onSaved: () => void | Promise<void>;
}

interface Fault {
  /** As HTTP calls it: `fields.0.name`. */
  path: string;
  text: string;
}

/** Where a blueprint is written: its fields in their order, what they become, and what differs from what is saved. What isn't saved is kept in this browser. */
export function BlueprintEditor({ stored, versions, begin, onSaved }: EditorLook) {
  const { account } = useDesk();
  const place = stored?.key ?? "+new";
  const [kept, setKept] = useState(() => readDraft(account.id, place));
  const [fault, setFault] = useState<Fault | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const editor = useRef<HTMLElement>(null);
  const draft = kept ?? begin;
  const hasChanged = kept !== null && isChanged(kept, begin);
  const isStale = stored !== null && draft.seen !== null && draft.seen < stored.latest && hasChanged;

  const write = (next: BlueprintDraft | null) => {
    setFault(null);
    setTold(null);
    const mine = next !== null && isChanged(next, begin) ? next : null;
    setKept(mine);
    keepDraft(account.id, place, mine);
  };
  const save = async () => {
    if (isSaving || (!hasChanged && stored !== null)) return;
    setSaving(true);
    setFault(null);
    try {
      const { key, name, seen } = draft;
      const fields = fieldsOf(draft).map((field) => ({
        ...field,
        ...(field.choices === undefined ? {} : { choices: field.choices.filter(Boolean) }),
      }));
      const saved = seen === null ? await createBlueprint(key, name, fields) : await changeBlueprint(key, { name, fields, version: seen });
      keepDraft(account.id, place, null);
      await onSaved();
      setKept(null);
      if (stored === null) location.hash = entitiesAddress(saved.key);
      else setTold(`Version ${saved.version} is there. What exists stays as it is.`);
    } catch (error) {
      // What stands now is fetched, and a notice says who was first and how to go on.
      if (error instanceof Refusal && error.code === "stale") await onSaved();
      else showFault({ path: error instanceof Refusal ? (error.path ?? "") : "", text: sentence(error) });
    } finally {
      setSaving(false);
    }
  };
  const showFault = (found: Fault) => {
    setFault(found);
    const index = /^fields\.(\d+)/.exec(found.path)?.[1];
    if (index !== undefined) setOpen(draft.fields[Number(index)]?.mark ?? null);
    requestAnimationFrame(() => requestAnimationFrame(() => editor.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus()));
  };
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    if (editor.current === null) return;
    return tinykeys(editor.current, {
      "$mod+s": (event) => {
        event.preventDefault();
        void latest.current();
      },
    });
  }, []);
  const wrongAt = (path: string) =>
    fault !== null && (fault.path === path || (/\.\d+$/.test(path) && fault.path.startsWith(`${path}.`))) ? fault.text : null;
  const isPlaced = fault !== null && /^(key|name|fields)(\.|$)/.test(fault.path);

  return (
    <section class={styles.editor} ref={editor} aria-label={stored === null ? "New blueprint" : `Blueprint ${manyOf(stored.key)}`}>
      <div class={styles.head}>
        <h2>{stored === null ? "New blueprint" : manyOf(stored.key)}</h2>
        {stored !== null && <Chip>v{stored.latest}</Chip>}
        {hasChanged && <Chip tone="accent">draft, not saved</Chip>}
        <span class={parts.grow} />
        {hasChanged && (
          <Button small tone="plain" tip="Forget what isn't saved" onClick={() => write(null)}>
            Discard
          </Button>
        )}
        {stored !== null && (
          <a class={styles.toEntities} href={entitiesAddress(stored.key)}>
            To the {manyOf(stored.key).toLocaleLowerCase()}
          </a>
        )}
        <Button
          small
          tone="primary"
          disabled={isSaving || isStale || (stored !== null && !hasChanged)}
          command={stored === null ? "blueprint.create" : "blueprint.update"}
          tip={stored === null ? "Its table and its commands are there at once" : "What exists stays as it is"}
          keys="Ctrl S"
          onClick={() => void save()}
        >
          {isSaving ? "Saving…" : stored === null ? "Save" : `Save v${stored.latest + 1}`}
        </Button>
      </div>
      <div class={styles.body}>
        <div class={styles.work}>
          {isStale && stored !== null && (
            <div class={`${parts.notice} ${styles.stale}`} role="status">
              <CircleAlert aria-hidden="true" />
              <span class={parts.grow}>
                {stored.changedBy} saved version {stored.latest} meanwhile; your draft began with version {draft.seen}. On the right stands
                what yours would change of it.
              </span>
              <Button small onClick={() => write({ ...draft, seen: stored.latest })}>
                Keep mine, as version {stored.latest + 1}
              </Button>
              <Button small onClick={() => write(null)}>
                Take theirs
              </Button>
            </div>
          )}
          {told !== null && (
            <div class={`${parts.notice} ${parts.calm}`} role="status">
              <CircleCheck aria-hidden="true" />
              <span class={parts.grow}>{told}</span>
            </div>
          )}
          <Wrong>{fault !== null && !isPlaced ? fault.text : null}</Wrong>
          <div class={styles.pair}>
            <TextField
              id="blueprint-name"
              label="What one of them is called"
              placeholder="Delivery"
              maxLength={100}
              wrong={wrongAt("name")}
              value={draft.name}
              onInput={(name) => write(renamed(draft, name))}
            />
            {stored === null && (
              <TextField
                id="blueprint-key"
                label="Key"
                placeholder="deliveries"
                maxLength={40}
                hint={
                  draft.key === ""
                    ? "Its commands begin with it: small letters, digits and hyphens."
                    : `Its commands: /${draft.key}.create …`
                }
                wrong={wrongAt("key")}
                value={draft.key}
                onInput={(key) => write({ ...draft, key: key.toLowerCase().replace(/\s+/g, "-") })}
              />
            )}
          </div>
          <h3>
            Fields <span class={parts.hint}>{draft.fields.length}</span>
          </h3>
          <FieldList
            fields={draft.fields}
            open={open}
            onOpen={setOpen}
            onChange={(fields) => write({ ...draft, fields })}
            wrongAt={(path) => wrongAt(`fields.${path}`)}
            wrong={wrongAt("fields")}
          />
        </div>
        <EditorSide
          stored={stored}
          versions={versions}
          draft={draft}
          onRestore={async (version) => {
            const old = await readBlueprint(draft.key, version);
            write({ ...draftOf(old), seen: stored?.latest ?? null });
          }}
          onDeleted={() => {
            keepDraft(account.id, place, null);
            void onSaved();
            location.hash = entitiesAddress(draft.key);
          }}
        />
      </div>
    </section>
  );
}
