import { computed } from "@preact/signals";
import { Funnel } from "lucide-preact";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { addressOf, route } from "../shell/route.ts";
import styles from "./List.module.css";
import { fits } from "./viewFilter.ts";

const slowMs = 5000;
/** The time for what depends on how long somebody waits: looking through 10,000 conversations each second would cost more than it tells. */
export const slowNow = computed(() => Math.floor(now.value / slowMs) * slowMs);

/** The saved views with how many conversations are in each, live. */
export function SavedViews() {
  const { aids, conversations, account } = useDesk();
  conversations.revision.value;
  const views = aids.views.value;
  if (views.length === 0) return null;
  const nowMs = slowNow.value;
  const counts = new Map(views.map(({ id }) => [id, 0]));
  for (const item of conversations.all())
    for (const { id, filter } of views) if (fits(filter, item, account.id, nowMs)) counts.set(id, (counts.get(id) ?? 0) + 1);
  return (
    <nav class={styles.tabs} aria-label="Saved views">
      {views.map(({ id, name }) => (
        <a
          key={id}
          class={styles.tab}
          href={addressOf({ ...route.value, saved: id, person: false })}
          aria-current={route.value.saved === id ? "true" : undefined}
        >
          <Funnel aria-hidden="true" />
          {name}
          <span>{(counts.get(id) ?? 0).toLocaleString()}</span>
        </a>
      ))}
    </nav>
  );
}
