import { Menu } from "@base-ui/react/menu";
import { Bookmark, Users } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { EntityLook, EntityViewItem } from "../../../src/protocol/entityViews.ts";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import button from "../../look/button.module.css";
import { Dialog } from "../../look/Dialog.tsx";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { NameField } from "../../settings/fields.tsx";
import { entitiesAddress } from "../dataRoute.ts";
import { changeView, deleteView, listViews, saveView } from "../views.ts";
import { isOperator } from "./filterTerms.ts";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

type Face = NonNullable<EntityLook["face"]>;

interface MenuLook {
  blueprint: BlueprintView;
  face: Face;
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
}

/** How one looks at these entities, saved under names and shared: chosen, saved, changed and deleted. */
export function ViewsMenu({ blueprint: { key }, face, look, onLook }: MenuLook) {
  const [views, setViews] = useState<readonly EntityViewItem[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const [isNaming, setNaming] = useState(false);
  const read = () => listViews(key).then(setViews, () => {});
  useEffect(() => void read(), [key]);
  const current = views.find(({ id }) => id === look.view);
  const mayShare = allowed.value.has("blueprint.update");
  const isMine = current !== undefined && (!current.shared || mayShare);
  const choose = (view: EntityViewItem) => {
    const { face: wanted = "table", ...rest } = view.look;
    onLook({ group: "", aggregates: {}, order: [], ...asLook(rest), view: view.id });
    if (wanted !== face || wanted === "calendar") location.hash = entitiesAddress(key, wanted, null, rest);
  };
  const act = (work: Promise<unknown>) => {
    setWrong(null);
    work.catch((error: unknown) => setWrong(sentence(error))).finally(() => void read());
  };
  return (
    <>
      <Menu.Root onOpenChange={(open) => open && void read()}>
        <Menu.Trigger className={`${button.button} ${button.plain} ${button.small}`}>
          <Bookmark aria-hidden="true" /> {current === undefined ? "Views" : current.name}
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
            <Menu.Popup className={`${popups.menu} ${styles.long}`}>
              {views.map((view) => (
                <Menu.Item key={view.id} className={popups.item} onClick={() => choose(view)}>
                  <span class={parts.grow} dir="auto">
                    {view.name}
                  </span>
                  {view.shared && <Users aria-label="everyone’s" />}
                </Menu.Item>
              ))}
              {views.length > 0 && <div class={popups.separator} />}
              {isMine && (
                <Menu.Item className={popups.item} onClick={() => act(changeView(key, current, lookOf(look, face)))}>
                  <span class={parts.grow}>Save the changes to “{current.name}”</span>
                </Menu.Item>
              )}
              <Menu.Item className={popups.item} onClick={() => setNaming(true)}>
                <span class={parts.grow}>Save as a new view…</span>
              </Menu.Item>
              {isMine && (
                <Menu.Item className={popups.item} onClick={() => act(deleteView(key, current.id).then(() => onLook({ view: "" })))}>
                  <span class={parts.grow}>Delete “{current.name}”</span>
                </Menu.Item>
              )}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      {wrong !== null && <Wrong>{wrong}</Wrong>}
      {isNaming && (
        <NewView
          of={key}
          mayShare={mayShare}
          onSave={async (name, shared) => {
            const made = await saveView(key, { name, shared, look: lookOf(look, face) });
            setViews([...views, made]);
            onLook({ view: made.id });
            setNaming(false);
          }}
          onClose={() => setNaming(false)}
        />
      )}
    </>
  );
}

interface NewLook {
  /** The key of the blueprint. */
  of: string;
  mayShare: boolean;
  onSave: (name: string, shared: boolean) => Promise<void>;
  onClose: () => void;
}

function NewView({ of, mayShare, onSave, onClose }: NewLook) {
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  return (
    <Dialog title="Save as a new view" command={`${of}.save-view`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSave(name, shared).catch((error: unknown) => setWrong(sentence(error)));
        }}
      >
        <div class={popups.dialogBody}>
          <NameField value={name} wrong={wrong} onInput={setName} />
          {mayShare && (
            <label class={parts.ticked}>
              <input type="checkbox" checked={shared} onChange={(event) => setShared(event.currentTarget.checked)} />
              For everyone who may read these
            </label>
          )}
          <p class={parts.hint}>It keeps the filter, the order, the groups and the columns as they are now.</p>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Cancel</Button>
          <Button tone="primary" type="submit">
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function lookOf({ view: _, filters, sort, pinned, hidden, widths, ...rest }: TableLook, face: Face): EntityLook {
  const { order, group, aggregates, lanes, days, span } = rest;
  return {
    face,
    sort: [...sort],
    pinned: [...pinned],
    hidden: [...hidden],
    widths: { ...widths },
    filters: filters.map(({ field, operator, value }) => ({ field, operator, value })),
    ...(order === undefined ? {} : { order: [...order] }),
    ...(group === undefined || group === "" ? {} : { group }),
    ...(aggregates === undefined ? {} : { aggregates: { ...aggregates } }),
    ...(lanes === undefined ? {} : { lanes }),
    ...(days === undefined ? {} : { days }),
    ...(span === undefined ? {} : { span }),
  };
}

/** Conditions that this desk doesn't know are left out when it asks. */
function asLook({ filters, ...rest }: Omit<EntityLook, "face">): Partial<TableLook> {
  return { ...rest, filters: filters.filter((term): term is TableLook["filters"][number] => isOperator(term.operator)) };
}
