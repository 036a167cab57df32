import { CircleAlert, CircleCheck } from "lucide-preact";
import { lazy, Suspense } from "preact/compat";
import { useEffect, useRef, useState } from "preact/hooks";
import { tinykeys } from "tinykeys";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { isRecord } from "../../operations/draft.ts";
import { TextField } from "../../settings/fields.tsx";
import { useDesk } from "../../shell/deskContext.ts";
import { changeBlueprint, createBlueprint, manyOf, readBlueprint, type VersionLine } from "../blueprints.ts";
import { type BlueprintPart, blueprintAddress, entitiesAddress } from "../dataRoute.ts";
import { MovedDialog } from "../flow/MovedDialog.tsx";
import { type BlueprintDraft, draftOf, fieldsOf, isChanged, keepDraft, readDraft, renamed, withFields } from "./blueprintDraft.ts";
import styles from "./Editor.module.css";
import { EditorSide } from "./EditorSide.tsx";
import { Edited } from "./edited.ts";
import { FieldList } from "./FieldList.tsx";

interface EditorLook {
  /** Null of a new one. */
  stored: BlueprintView | null;
  versions: readonly VersionLine[];
  begin: BlueprintDraft;
  part: BlueprintPart;
  onSaved: () => void | Promise<void>;
}

interface Fault {
  /** As HTTP calls it: `fields.0.name`. */
  path: string;
  text: string;
}

const FlowEditor = lazy(() => import("../flow/FlowEditor.tsx").then(({ FlowEditor: found }) => ({ default: found })));

/** Where a blueprint is written: its fields in their order, its flow, what they become, and what differs from what is saved. What isn't saved is kept in this browser. */
export function BlueprintEditor({ stored, versions, begin, part, onSaved }: EditorLook) {
  const { account } = useDesk();
  const place = stored?.key ?? "+new";
  const [kept, setKept] = useState(() => readDraft(account.id, place));
  const [fault, setFault] = useState<Fault | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const [isSaving, setSaving] = useState(false);
  const [left, setLeft] = useState<Readonly<Record<string, number>> | null>(null);
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
  const save = async (moved: Readonly<Record<string, string>> = {}) => {
    if (isSaving || (!hasChanged && stored !== null)) return;
    setSaving(true);
    setFault(null);
    try {
      const { key, name, flow, seen } = draft;
      const fields = fieldsOf(draft);
      const saved =
        seen === null
          ? await createBlueprint(key, { name, fields, flow })
          : await changeBlueprint(key, { name, fields, flow, version: seen, moved });
      keepDraft(account.id, place, null);
      await onSaved();
      setKept(null);
      if (stored === null) location.hash = entitiesAddress(saved.key);
      else setTold(`Version ${saved.version} is there. What exists stays as it is.`);
    } catch (error) {
      // What stands now is fetched, and a notice says who was first and how to go on.
      if (error instanceof Refusal && error.code === "stale") await onSaved();
      else if (error instanceof Refusal && error.path === "moved") setLeft(countsIn(error.current));
      else showFault({ path: error instanceof Refusal ? (error.path ?? "") : "", text: sentence(error) });
    } finally {
      setSaving(false);
    }
  };
  const showFault = (found: Fault) => {
    setFault(found);
    const index = /^fields\.(\d+)/.exec(found.path)?.[1];
    if (index !== undefined) setOpen(draft.fields[Number(index)]?.mark ?? null);
    if (/^(fields|flow)\b/.test(found.path))
      location.hash = blueprintAddress(stored?.key ?? null, found.path.startsWith("flow") ? "flow" : "fields");
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
  const isWithin = /\.\d+$|\.shownWhen$|^flow\.transitions\.\d+\./;
  const wrongAt = (path: string) =>
    fault !== null && (fault.path === path || (isWithin.test(path) && fault.path.startsWith(`${path}.`))) ? fault.text : null;
  const isPlaced = fault !== null && /^(key|name|fields|flow)(\.|$)/.test(fault.path);

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
          <nav class={styles.parts} aria-label="Parts of the blueprint">
            {(["fields", "flow"] as const).map((each) => (
              <a key={each} href={blueprintAddress(stored?.key ?? null, each)} aria-current={each === part ? "page" : undefined}>
                {each === "fields" ? "Fields" : "Flow"}{" "}
                <span class={parts.hint}>{each === "fields" ? draft.fields.length : (draft.flow?.states.length ?? "none")}</span>
              </a>
            ))}
          </nav>
          {part === "fields" ? (
            <Edited.Provider value={draft}>
              <FieldList
                fields={draft.fields}
                open={open}
                onOpen={setOpen}
                onChange={(fields) => write(withFields(draft, fields))}
                wrongAt={(path) => wrongAt(`fields.${path}`)}
                wrong={wrongAt("fields")}
              />
            </Edited.Provider>
          ) : (
            <Suspense fallback={<span class={parts.skeleton} style="width: 60%" />}>
              <FlowEditor stored={stored} draft={draft} onDraft={write} wrongAt={wrongAt} />
            </Suspense>
          )}
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
      {left !== null && draft.flow !== null && (
        <MovedDialog
          left={left}
          states={draft.flow.states}
          onClose={() => setLeft(null)}
          onMoved={(moved) => {
            setLeft(null);
            void save(moved);
          }}
        />
      )}
    </section>
  );
}

/** How many are in each state that was left out, as the refusal says. */
function countsIn(current: unknown): Record<string, number> {
  const states: unknown = isRecord(current) ? current["states"] : undefined;
  return Object.fromEntries(Object.entries(isRecord(states) ? states : {}).map(([state, count]) => [state, Number(count)]));
}
