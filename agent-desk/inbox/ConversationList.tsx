import { ArrowUp, RefreshCw, Search, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { Button } from "../look/Button.tsx";
import { Kbd } from "../look/Kbd.tsx";
import parts from "../look/parts.module.css";
import { MentionsList, MentionsTab } from "../mentions/MentionsList.tsx";
import { Bell } from "../notices/Bell.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { listMoves } from "../shell/listMoves.ts";
import { addressOf, route } from "../shell/route.ts";
import { phone } from "../shell/screen.ts";
import { StatusMenu } from "../status/StatusMenu.tsx";
import { ClosedList } from "./ClosedList.tsx";
import { EmptyList } from "./EmptyList.tsx";
import styles from "./List.module.css";
import { type ListRow, rowsOf } from "./listRows.ts";
import { Row } from "./Row.tsx";
import { SavedViews, slowNow } from "./SavedViews.tsx";
import { ListSkeleton } from "./Skeleton.tsx";
import { TakeNext } from "./TakeNext.tsx";
import { useHeldRows } from "./useHeldRows.ts";
import { savedSection, sectionsOf, type View } from "./views.ts";

const tabs: { view: Exclude<View, "mentions">; label: string }[] = [
  { view: "mine", label: "Mine" },
  { view: "queue", label: "Queue" },
  { view: "all", label: "All" },
  { view: "snoozed", label: "Snoozed" },
  { view: "closed", label: "Closed" },
];

/** The conversations of a view, live, yet never moving under the pointer. */
export function ConversationList() {
  const { conversations, account, counts, aids } = useDesk();
  const [wanted, setWanted] = useState("");
  const [pointed, setPointed] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const list = useRef<VirtualizerHandle>(null);
  const { view, saved: savedId } = route.value;
  conversations.revision.value;

  const saved = savedId === null ? undefined : aids.views.value.find(({ id }) => id === savedId);
  const looking = { me: account.id, wanted, nowMs: saved?.filter.waitingLongerThan === undefined ? Date.now() : slowNow.value };
  const live = rowsOf(
    saved === undefined
      ? sectionsOf(view, conversations.all(), account.id, wanted)
      : [savedSection(saved, conversations.all(), looking)].filter(({ ids }) => ids.length > 0),
  );
  const { rows, added, changed, release } = useHeldRows(live, pointed || scrolled, `${savedId ?? view} ${wanted}`);
  const entries = live.filter(({ kind }) => kind === "entry").length;

  const letGo = () => {
    release();
    scroller.current?.scrollTo({ top: 0 });
    setPointed(false);
    setScrolled(false);
  };
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
    setScrolled(false);
  }, [view, savedId, wanted]);
  useEffect(() => {
    listMoves.move = (step) => focusEntry(rows, step, list.current, scroller.current);
    listMoves.beside = (id) => neighbour(rows, id);
  });

  const ownList = saved !== undefined ? null : view === "closed" || view === "mentions" ? view : null;
  const Place = phone.value ? "main" : "section";
  return (
    <Place class={desk.pane} data-part="list" aria-label="Conversations">
      <div class={desk.head}>
        <h1 class={desk.grow}>Inbox</h1>
        <MentionsTab />
        {phone.value && <Bell side="bottom" />}
        <StatusMenu side="bottom" />
      </div>
      <ConnectionNotice />
      <nav class={styles.tabs} aria-label="Views">
        {tabs.map((each) => (
          <a
            key={each.view}
            class={styles.tab}
            href={addressOf({ ...route.value, view: each.view, saved: null, person: false })}
            aria-current={savedId === null && view === each.view ? "true" : undefined}
          >
            {each.label}
            {each.view !== "closed" && <span>{counts.value[each.view].toLocaleString()}</span>}
          </a>
        ))}
      </nav>
      <SavedViews />
      <Filter wanted={wanted} onChange={setWanted} />
      <div class={styles.place} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
        {changed && (
          <button type="button" class={styles.news} onClick={letGo}>
            {added > 0 ? <ArrowUp /> : <RefreshCw />}
            {added > 0 ? `${added.toLocaleString()} new` : "Update order"}
          </button>
        )}
        {ownList === "closed" && <ClosedList wanted={wanted} held={pointed} />}
        {ownList === "mentions" && <MentionsList wanted={wanted} />}
        {ownList === null && !conversations.known && <ListSkeleton />}
        {ownList === null && conversations.known && rows.length - groupsIn(rows) === 0 && (
          <EmptyList view={view} saved={saved} wanted={wanted} onClear={() => setWanted("")} />
        )}
        <div
          ref={scroller}
          class={styles.scroll}
          hidden={ownList !== null}
          onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 4)}
        >
          {rows.length > groupsIn(rows) && (
            <Virtualizer ref={list} data={rows} as="ul" item="li" bufferSize={400}>
              {(row: ListRow) => <Row key={row.key} row={row} />}
            </Virtualizer>
          )}
        </div>
      </div>
      <p class={parts.hidden} role="status">
        {wanted === "" ? "" : `${entries} found`}
      </p>
      <TakeNext />
    </Place>
  );
}

function Filter({ wanted, onChange }: { wanted: string; onChange: (wanted: string) => void }) {
  return (
    <search class={styles.filter}>
      <Search aria-hidden="true" />
      <input
        id="filter"
        class={parts.field}
        type="text"
        dir="auto"
        placeholder="Filter by name, text, colleague"
        aria-label="Filter conversations"
        value={wanted}
        onInput={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          if (wanted === "") event.currentTarget.blur();
          onChange("");
        }}
      />
      {wanted === "" ? (
        <Kbd>/</Kbd>
      ) : (
        <Button tone="plain" small label="Clear the filter" onClick={() => onChange("")}>
          <X />
        </Button>
      )}
    </search>
  );
}

function groupsIn(rows: ListRow[]): number {
  return rows.filter(({ kind }) => kind === "group").length;
}

/** The entry behind this one, else the one before it. */
function neighbour(rows: ListRow[], id: string): string | null {
  const entries = rows.filter(({ kind }) => kind === "entry").map(({ key }) => key);
  const place = entries.indexOf(id);
  return place === -1 ? null : (entries[place + 1] ?? entries[place - 1] ?? null);
}

/** Moves the focus by one entry, from the focused one, else from the open one. */
function focusEntry(rows: ListRow[], step: 1 | -1, list: VirtualizerHandle | null, scroller: HTMLElement | null): void {
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.entry : undefined;
  const from = rows.findIndex(({ key }) => key === (focused ?? route.peek().conversation));
  let place = from === -1 && step === -1 ? rows.length : from;
  do place += step;
  while (rows[place]?.kind === "group");
  const row = rows[place];
  if (row === undefined || list === null) return;
  list.scrollToIndex(place, { align: "nearest" });
  const focus = (triesLeft: number) => {
    const entry = scroller?.querySelector<HTMLElement>(`[data-entry="${CSS.escape(row.key)}"]`);
    if (entry) entry.focus({ preventScroll: true });
    // A row that was far away is drawn a frame or two after the scroll.
    else if (triesLeft > 0) requestAnimationFrame(() => focus(triesLeft - 1));
  };
  focus(5);
}
