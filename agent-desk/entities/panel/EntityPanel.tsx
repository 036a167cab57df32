import { Trash2, X } from "lucide-preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { tinykeys } from "tinykeys";
import { exactTime, relativeTime } from "../../../src/client/relativeTime.ts";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { renamedFilter } from "../../../src/protocol/renamedFlow.ts";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Chip } from "../../look/Chip.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { now } from "../../shell/now.ts";
import { readBlueprint } from "../blueprints.ts";
import { readEntity, restoreEntity, trashEntity } from "../entities.ts";
import type { EntityNews } from "../entityNews.ts";
import { titleOf } from "../fields/valueWords.ts";
import { CommandsOf } from "./CommandsOf.tsx";
import { EntityFields } from "./EntityFields.tsx";
import { HistorySection } from "./HistorySection.tsx";
import { NotesSection } from "./NotesSection.tsx";
import { OtherSides } from "./OtherSides.tsx";
import styles from "./Panel.module.css";
import { TalksSection } from "./TalksSection.tsx";
import { useEntityDraft } from "./useEntityDraft.ts";

interface PanelLook {
  blueprint: BlueprintView;
  id: string;
  news: EntityNews;
  onClose: () => void;
  /** This person changed it, or moved it. */
  onEntity: (entity: EntityView) => void;
  onMoved: (id: string, title: string, to: "trash" | "list") => void;
}

/** One entity beside the others: its fields, what can be done with it, and what became of it. */
export function EntityPanel({ blueprint, id, news, ...rest }: PanelLook) {
  const [entity, setEntity] = useState<EntityView | null>(null);
  const [fields, setFields] = useState<readonly Field[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [heard, setHeard] = useState(0);
  const { key, fields: latest, version } = blueprint;
  const read = useCallback(async () => {
    try {
      const found = await readEntity(key, id);
      // One that was made before fits the fields of its own version.
      const own = found.blueprintVersion === version ? latest : (await readBlueprint(key, found.blueprintVersion)).fields;
      setFields(own === latest ? latest : laidOut(own, latest));
      setEntity((before) => (before !== null && before.version > found.version ? before : found));
      setWrong(null);
    } catch (error) {
      setWrong(sentence(error));
    }
  }, [key, id, version, latest]);
  useEffect(() => void read(), [read]);
  useEffect(
    () =>
      news.hear((told) => {
        if (told !== "all" && !told.has(id)) return;
        setHeard((times) => times + 1);
        void read();
      }),
    [news, read, id],
  );
  if (entity === null)
    return (
      <aside class={styles.panel} aria-label="Entity" aria-busy={wrong === null}>
        <div class={styles.head}>
          <span class={parts.grow} />
          <Button tone="plain" label="Close" onClick={rest.onClose}>
            <X />
          </Button>
        </div>
        <div class={styles.section}>{wrong === null ? <span class={parts.skeleton} style="width: 60%" /> : <Wrong>{wrong}</Wrong>}</div>
      </aside>
    );
  return <Shown {...rest} blueprint={blueprint} fields={fields} entity={entity} heard={heard} wrong={wrong} onRead={setEntity} />;
}

/** Under the headings of the latest version, and where its conditions hold; what is computed, it says too. */
function laidOut(own: readonly Field[], latest: readonly Field[]): Field[] {
  const stored = own.filter(({ type }) => type !== "formula");
  const ownKey = (key: string) => own.find(({ id }) => id === latest.find((one) => one.key === key)?.id)?.key ?? key;
  return [
    ...stored.map(({ section, shownWhen, ...field }): Field => {
      const now = latest.find(({ id }) => id === field.id);
      const heading = now === undefined ? section : now.section;
      const condition = now?.shownWhen === undefined ? undefined : renamedFilter(now.shownWhen, ownKey);
      const when = now === undefined ? shownWhen : condition;
      return { ...field, ...(heading === undefined ? {} : { section: heading }), ...(when === undefined ? {} : { shownWhen: when }) };
    }),
    ...latest.filter(({ type }) => type === "formula"),
  ];
}

interface ShownLook extends Omit<PanelLook, "id" | "news"> {
  fields: readonly Field[];
  entity: EntityView;
  heard: number;
  wrong: string | null;
  onRead: (entity: EntityView) => void;
}

function Shown({ blueprint, fields, entity, heard, wrong, onRead, onClose, onEntity, onMoved }: ShownLook) {
  const [problem, setProblem] = useState<string | null>(null);
  const panel = useRef<HTMLElement>(null);
  const draft = useEntityDraft(entity, fields, (changed) => {
    onRead(changed);
    onEntity(changed);
  });
  const save = useRef(draft.save);
  save.current = draft.save;
  useEffect(() => {
    if (panel.current === null) return;
    return tinykeys(panel.current, {
      "$mod+s": (event) => {
        event.preventDefault();
        void save.current();
      },
      Escape: (event) => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      },
    });
  }, [onClose]);
  const title = titleOf(fields, entity);
  const isTrashed = entity.trashedAt !== null || blueprint.trashedAt !== null;
  const mayChange = allowed.value.has(`${blueprint.key}.update`) && !isTrashed;
  const move = async (to: "trash" | "list") => {
    try {
      await (to === "trash" ? trashEntity(blueprint.key, entity.id) : restoreEntity(blueprint.key, entity.id));
      onMoved(entity.id, title, to);
    } catch (error) {
      setProblem(sentence(error));
    }
  };
  return (
    <aside class={styles.panel} aria-label={title} ref={panel}>
      <div class={styles.head}>
        <h2 class={parts.grow}>{title}</h2>
        {entity.trashedAt !== null && <Chip tone="warn">in the trash</Chip>}
        {entity.blueprintVersion !== blueprint.version && (
          <Chip title="It was made by an earlier version of its blueprint">v{entity.blueprintVersion}</Chip>
        )}
        {mayChange && (
          <Button tone="plain" label="Move to the trash" command={`${blueprint.key}.delete`} onClick={() => void move("trash")}>
            <Trash2 />
          </Button>
        )}
        <Button tone="plain" label="Close" keys="Esc" onClick={onClose}>
          <X />
        </Button>
      </div>
      <form
        class={styles.section}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void draft.save();
        }}
      >
        <Wrong>{wrong ?? problem ?? draft.problem}</Wrong>
        {entity.trashedAt !== null && blueprint.trashedAt === null && allowed.value.has(`${blueprint.key}.restore`) && (
          <Button tone="primary" command={`${blueprint.key}.restore`} onClick={() => void move("list")}>
            Restore
          </Button>
        )}
        <EntityFields
          id="entity"
          fields={fields}
          values={draft.values}
          wrong={draft.wrong}
          conflicts={draft.conflicts}
          readOnly={!mayChange}
          onInput={draft.write}
          onKeep={draft.keep}
          onTake={draft.take}
        />
        {draft.isChanged && (
          <div class={styles.foot}>
            <Button onClick={draft.discard}>Discard</Button>
            <Button
              tone="primary"
              type="submit"
              command={`${blueprint.key}.update`}
              keys="Ctrl S"
              disabled={draft.isSaving || Object.keys(draft.conflicts).length > 0}
            >
              {draft.isSaving ? "Saving…" : "Save"}
            </Button>
          </div>
        )}
      </form>
      <OtherSides
        entity={entity}
        relations={fields
          .filter(({ type }) => type === "relation")
          .map(({ name, key }) => ({ name, ids: [ownValue(entity.values, key) ?? []].flat().map(String) }))}
      />
      <NotesSection entity={entity} />
      <TalksSection entity={entity} />
      <CommandsOf blueprint={blueprint.key} title={title} id={entity.id} isTrashed={isTrashed} />
      <HistorySection
        blueprint={blueprint.key}
        fields={fields}
        entity={entity}
        heard={heard}
        mayChange={mayChange}
        onRestored={(changed) => {
          onRead(changed);
          onEntity(changed);
        }}
      />
      <p class={styles.made}>
        Made by {entity.createdBy},{" "}
        <time dateTime={entity.createdAt} title={exactTime(entity.createdAt)}>
          {relativeTime(entity.createdAt, now.value)}
        </time>
      </p>
    </aside>
  );
}
