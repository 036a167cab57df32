import { lazy, Suspense } from "preact/compat";
import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import type { BlueprintView } from "../../src/protocol/blueprints.ts";
import { allowed, learnAllowed } from "../commands/allowed.ts";
import { sentence } from "../commands/run.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { readBlueprint } from "./blueprints.ts";
import styles from "./Data.module.css";
import type { DataPlace } from "./dataRoute.ts";
import { EntitiesView } from "./EntitiesView.tsx";
import { EntityNews } from "./entityNews.ts";
import { OfferedBy } from "./fields/named.ts";

const BoardView = lazy(() => import("./board/BoardView.tsx").then(({ BoardView: found }) => ({ default: found })));

const CalendarView = lazy(() => import("./calendar/CalendarView.tsx").then(({ CalendarView: found }) => ({ default: found })));

/** The entities of one blueprint, live. */
export function EntitiesPane({ place }: { place: Extract<DataPlace, { page: "entities" }> }) {
  const { follow } = useDesk();
  const { key } = place;
  const [blueprint, setBlueprint] = useState<BlueprintView | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const news = useMemo(() => new EntityNews(), []);
  const read = useCallback(
    () =>
      readBlueprint(key).then(
        (found) => {
          // The same one stays the same value: nothing that hangs on it begins anew.
          setBlueprint((before) => (before?.version === found.version && before.trashedAt === found.trashedAt ? before : found));
          setWrong(null);
        },
        (error: unknown) => setWrong(sentence(error)),
      ),
    [key],
  );
  useEffect(() => void read(), [read]);
  useEffect(() => follow(`entities:${key}`, news), [follow, key, news]);
  useEffect(() => news.hear((told) => told === "all" && void read()), [news, read]);
  // Somebody else made it since this desk learned what may be run.
  const isUsable = blueprint?.trashedAt === null;
  useEffect(() => {
    if (isUsable && !allowed.peek().has(`${key}.show`)) void learnAllowed();
  }, [isUsable, key]);
  if (blueprint === null)
    return (
      <section class={styles.entities} aria-busy={wrong === null}>
        <div class={styles.loading}>{wrong === null ? <span class={parts.skeleton} style="width: 60%" /> : <Wrong>{wrong}</Wrong>}</div>
      </section>
    );
  if (place.look === "calendar")
    return (
      <OfferedBy.Provider value={key}>
        <Suspense fallback={<section class={styles.entities} aria-busy="true" />}>
          <CalendarView blueprint={blueprint} place={place} news={news} />
        </Suspense>
      </OfferedBy.Provider>
    );
  if (place.look === "board")
    return (
      <OfferedBy.Provider value={key}>
        <Suspense fallback={<section class={styles.entities} aria-busy="true" />}>
          <BoardView blueprint={blueprint} open={place.entity} news={news} />
        </Suspense>
      </OfferedBy.Provider>
    );
  return (
    <OfferedBy.Provider value={key}>
      <EntitiesView blueprint={blueprint} place={place} news={news} />
    </OfferedBy.Provider>
  );
}
