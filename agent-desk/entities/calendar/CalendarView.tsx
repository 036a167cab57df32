import { computed } from "@preact/signals";
import { useState } from "preact/hooks";
import type { BlueprintView, EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { allowed } from "../../commands/allowed.ts";
import parts from "../../look/parts.module.css";
import { now } from "../../shell/now.ts";
import { manyOf } from "../blueprints.ts";
import data from "../Data.module.css";
import { type CalendarPlace, type DataPlace, entitiesAddress } from "../dataRoute.ts";
import { EntitiesHead, type Told, ToldLine, useNewKey } from "../EntitiesHead.tsx";
import { restoreEntity } from "../entities.ts";
import type { EntityNews } from "../entityNews.ts";
import { EntityPanel } from "../panel/EntityPanel.tsx";
import { NewEntity } from "../panel/NewEntity.tsx";
import { FilterBar } from "../table/FilterBar.tsx";
import { filterOf } from "../table/filterTerms.ts";
import { type TableLook, useTableLook } from "../table/tableLook.ts";
import { ViewsMenu } from "../table/ViewsMenu.tsx";
import { useEntityRows } from "../useEntityRows.ts";
import { Calendar } from "./Calendar.tsx";
import { CalendarBar } from "./CalendarBar.tsx";
import { begunOn, between, firstOfWeek, localDay, weeksOf } from "./days.ts";

const todayNow = computed(() => localDay(new Date(now.value)));

interface ViewLook {
  blueprint: BlueprintView;
  place: Extract<DataPlace, { page: "entities" }>;
  news: EntityNews;
}

/** Entities by the days of a field that is a date or a moment. */
export function CalendarView({ blueprint, place, news }: ViewLook) {
  const [look, onLook] = useTableLook(blueprint);
  const dated = blueprint.fields.filter(({ type }) => type === "date" || type === "instant");
  const wanted = place.calendar.days ?? look.days;
  const by = dated.find(({ key }) => key === wanted) ?? dated[0];
  if (by === undefined)
    return (
      <section class={data.entities} aria-label={manyOf(blueprint.key)}>
        <EntitiesHead blueprint={blueprint} look="calendar" mayMake={false} onNew={() => {}} />
        <p class={data.loading}>A calendar has entities on the days of a field, and this blueprint has no date or time yet.</p>
      </section>
    );
  return <CalendarOf key={by.id} {...{ blueprint, place, news, look, onLook, dated, by }} />;
}

interface OfLook extends ViewLook {
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
  dated: readonly Field[];
  by: Field;
}

function CalendarOf({ blueprint, place, news, look, onLook, dated, by }: OfLook) {
  const { key, name, fields } = blueprint;
  const { calendar, entity: open } = place;
  const span = calendar.span ?? look.span ?? "month";
  const today = todayNow.value;
  const day = calendar.day ?? today;
  const weeks = weeksOf(span, day, firstOfWeek());
  const theirs = filterOf(fields, look.filters);
  const inSight = between(by, weeks[0]?.[0] ?? day, weeks.at(-1)?.[6] ?? day);
  const filter = theirs === null ? inSight : { and: [theirs, inSight] };
  const rows = useEntityRows(key, news, { filter, sort: [by.key], trashed: false });
  const [begun, setBegun] = useState<string | null>(null);
  const [told, setTold] = useState<Told | null>(null);
  const go = (entity: string | null, changes: CalendarPlace = {}) => {
    location.hash = entitiesAddress(key, "calendar", entity, { days: by.key, span, day: calendar.day, ...changes });
  };
  const isUsable = blueprint.trashedAt === null;
  const mayMake = isUsable && allowed.value.has(`${key}.create`);
  const onNew = (on: string | null) => {
    setBegun(on);
    go("new");
  };
  useNewKey(mayMake, () => onNew(focusedDay()));
  const restore = async (id: string) => {
    const entity = await restoreEntity(key, id).catch(() => null);
    if (entity !== null) rows.add(entity);
  };
  return (
    <>
      <section class={data.entities} aria-label={manyOf(key)} data-beside={open !== null}>
        <EntitiesHead blueprint={blueprint} look="calendar" mayMake={mayMake} onNew={() => onNew(null)} />
        <div class={data.tools}>
          {dated.length > 1 && (
            <label class={data.by}>
              By
              <select
                class={parts.field}
                value={by.key}
                onChange={({ currentTarget: { value: days } }) => {
                  onLook({ days });
                  go(open, { days });
                }}
              >
                {dated.map((field) => (
                  <option key={field.key} value={field.key}>
                    {field.name}
                  </option>
                ))}
              </select>
            </label>
          )}
          <FilterBar fields={fields} terms={look.filters} onTerms={(filters) => onLook({ filters })} />
          <span class={parts.grow} />
          <ViewsMenu blueprint={blueprint} face="calendar" look={{ ...look, days: by.key, span }} onLook={onLook} />
        </div>
        <CalendarBar
          span={span}
          day={day}
          weeks={weeks}
          onSpan={(wider) => {
            onLook({ span: wider });
            go(open, { span: wider });
          }}
          onTurn={(to) => go(open, { day: to })}
        />
        {told !== null && <ToldLine told={told} onClose={() => setTold(null)} />}
        <Calendar
          {...{ blueprint, by, span, day, today, weeks, rows, filter, news, open }}
          mayMove={isUsable && allowed.value.has(`${key}.update`)}
          making={mayMake ? { label: `New ${name.toLocaleLowerCase()}`, onNew } : null}
          onOpen={go}
          onTurn={(to) => go(open, { day: to })}
          onWeek={(to) => go(open, { span: "week", day: to })}
        />
      </section>
      {open === "new" && mayMake && (
        <NewEntity
          key={begun}
          blueprint={blueprint}
          {...(begun === null ? {} : { begin: { [by.key]: begunOn(by, begun) } })}
          onMade={(entity: EntityView) => rows.add(entity)}
          onClose={() => go(null)}
        />
      )}
      {open !== null && open !== "new" && (
        <EntityPanel
          key={open}
          blueprint={blueprint}
          id={open}
          news={news}
          onClose={() => go(null)}
          onEntity={(entity) => {
            rows.replace(entity);
            rows.add(entity);
          }}
          onMoved={(id, title, to) => {
            rows.remove(new Set([id]));
            go(null);
            if (to === "list") setTold({ text: `${title} is there again.` });
            else setTold({ text: `${title} is in the trash.`, undo: () => void restore(id) });
          }}
        />
      )}
    </>
  );
}

/** The day in which the focus is. */
function focusedDay(): string | null {
  return document.activeElement?.closest<HTMLElement>("[data-day]")?.dataset["day"] ?? null;
}
