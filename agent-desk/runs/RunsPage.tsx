import { ArrowLeft, ListChecks } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { type RunAnswer, runStates } from "../../src/protocol/commands.ts";
import { allowed } from "../commands/allowed.ts";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { Choice, TextField } from "../settings/fields.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { opened } from "../shell/opened.ts";
import { go } from "../shell/route.ts";
import { RunStoryPane } from "./RunStoryPane.tsx";
import styles from "./Runs.module.css";
import { runAddress, runsAddress } from "./runsRoute.ts";
import { stateTones, stateWords, tookInWords } from "./runWords.ts";

interface Filter {
  command: string;
  state: string;
  whose: string;
}

interface Page {
  items: RunAnswer[];
  nextCursor: string | null;
}

/** What was run, by whom, and what waits for somebody: mine, those that ask for me, and everybody's where I may see them. Live. */
export function RunsPage({ id }: { id: string | null }) {
  const { account, runs } = useDesk();
  const [filter, setFilter] = useState<Filter>({ command: "", state: "", whose: "" });
  const [page, setPage] = useState<Page | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const told = runs.told.value;

  useEffect(() => {
    let isMine = true;
    requestAsMe<Page>({ method: "GET", path: `runs?${queryOf(filter, account.id)}` }).then(
      (found) => {
        if (!isMine) return;
        setPage(found);
        setWrong(null);
      },
      (error: unknown) => isMine && setWrong(sentence(error)),
    );
    return () => {
      isMine = false;
    };
  }, [filter, told, account.id]);

  const more = (cursor: string) =>
    requestAsMe<Page>({ method: "GET", path: `runs?${queryOf(filter, account.id)}&cursor=${encodeURIComponent(cursor)}` }).then(
      (found) => setPage((before) => ({ items: [...(before?.items ?? []), ...found.items], nextCursor: found.nextCursor })),
      (error: unknown) => setWrong(sentence(error)),
    );

  return (
    <main class={`${desk.pane} ${styles.page}`} data-part="runs" aria-label="Runs">
      <div class={desk.head}>
        <span class={desk.back}>
          <Button
            tone="plain"
            label={id === null ? "Back to the inbox" : "All runs"}
            onClick={() => {
              if (id === null) go({});
              else location.hash = runsAddress;
            }}
          >
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Runs</h1>
        {allowed.value.has("operation.record") && (
          <Button
            small
            command="operation.record"
            onClick={() => {
              opened.value = "record";
            }}
          >
            Make a command of these
          </Button>
        )}
      </div>
      <ConnectionNotice />
      <div class={styles.columns} data-open={id !== null}>
        <section class={styles.list} aria-label="All runs">
          <div class={styles.filter}>
            <TextField
              id="runs-command"
              label="Command"
              wrong={null}
              value={filter.command}
              onInput={(command) => setFilter({ ...filter, command })}
            />
            <Choice
              id="runs-state"
              label="State"
              wrong={null}
              value={filter.state}
              none="Any"
              options={runStates.map((state) => ({ value: state, label: stateWords[state] }))}
              onInput={(state) => setFilter({ ...filter, state })}
            />
            <Choice
              id="runs-whose"
              label="Asked for by"
              wrong={null}
              value={filter.whose}
              none="Anybody"
              options={[
                { value: "me", label: "Me" },
                { value: "others", label: "Others" },
              ]}
              onInput={(whose) => setFilter({ ...filter, whose })}
            />
          </div>
          <Wrong>{wrong}</Wrong>
          {page === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
          {page?.items.length === 0 && (
            <Empty icon={<ListChecks strokeWidth={1.5} />} title="No such run">
              <p>Every command that is run stands here, with what it changed and who agreed to it.</p>
            </Empty>
          )}
          <ol class={styles.runs} aria-label="Runs">
            {page?.items.map((run) => (
              <Row key={run.id} run={run} isOpen={run.id === id} />
            ))}
          </ol>
          {typeof page?.nextCursor === "string" && <Button onClick={() => void more(page.nextCursor ?? "")}>Show more</Button>}
        </section>
        {id !== null && <RunStoryPane key={id} id={id} />}
      </div>
    </main>
  );
}

function Row({ run, isOpen }: { run: RunAnswer; isOpen: boolean }) {
  const { id, command, state, by, createdAt, progress } = run;
  return (
    <li>
      <a class={styles.run} href={runAddress(id)} aria-current={isOpen ? "true" : undefined}>
        <b class={styles.name}>{command}</b>
        <Chip tone={stateTones[state]}>{stateWords[state]}</Chip>
        <span class={styles.about}>{progress?.text ?? by.name}</span>
        <span class={styles.took}>
          <time dateTime={createdAt} title={exactTime(createdAt)}>
            {relativeTime(createdAt, now.value)}
          </time>
          {tookInWords(run) !== null && `, ${tookInWords(run)}`}
        </span>
      </a>
    </li>
  );
}

function queryOf({ command, state, whose }: Filter, me: string): string {
  const filter = {
    ...(command.trim() === "" ? {} : { command: { startsWith: command.trim().toLowerCase() } }),
    ...(state === "" ? {} : { state: { eq: state } }),
    ...(whose === "" ? {} : { by: whose === "me" ? { eq: me } : { ne: me } }),
  };
  return `limit=50&filter=${encodeURIComponent(JSON.stringify(filter))}`;
}
