import { ChevronRight, ScrollText } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { AuditItem, AuditPage as PageOfAudit } from "../../src/protocol/audit.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { downloadAsMe } from "../session/download.ts";
import { toldOf } from "../session/toldOf.ts";
import styles from "./Audit.module.css";
import { TextField } from "./fields.tsx";
import settings from "./Settings.module.css";

type Filter = Record<"person" | "action" | "object" | "from" | "to", string>;

interface Chain {
  entries: number;
  seq: number;
  hash: string;
  flaws: { seq: number; what: string }[];
  days: number;
  since: string | null;
}

const all: Filter = { person: "", action: "", object: "", from: "", to: "" };
const atOnce = 50;

/** Who did what: found by who, what, about what and when; taken along as a file; and whether anybody has tampered with it. */
export function AuditPage({ may }: { may: (command: string) => boolean }) {
  const [filter, setFilter] = useState(all);
  const [applied, setApplied] = useState(all);
  const [items, setItems] = useState<AuditItem[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [wrong, setWrong] = useState<{ path: string | undefined; text: string } | null>(null);

  const load = async (asked: Filter, after: string | null) => {
    try {
      const { data } = await runCommand("audit.list", { ...given(asked), limit: atOnce, ...(after === null ? {} : { cursor: after }) });
      const page = pageIn(data);
      setItems((before) => (after === null ? page.items : [...(before ?? []), ...page.items]));
      setCursor(page.nextCursor);
      setApplied(asked);
      setWrong(null);
    } catch (error) {
      setWrong({ path: pathOf(error), text: toldOf(error) });
    }
  };
  useEffect(() => {
    void load(all, null);
  }, []);
  const wrongOf = (name: keyof Filter) => (wrong?.path === `args.${name}` ? wrong.text : null);
  const field = (name: keyof Filter, label: string, more: { placeholder?: string; type?: "date" } = {}) => (
    <TextField
      id={`audit-${name}`}
      label={label}
      wrong={wrongOf(name)}
      value={filter[name]}
      onInput={(value) => setFilter({ ...filter, [name]: value })}
      {...more}
    />
  );

  return (
    <div class={`${settings.page} ${styles.page}`}>
      <div class={settings.top}>
        <p>Who did what here, the newest first. Nobody can change it, and what is older than it is kept for is forgotten.</p>
      </div>
      <form
        class={styles.filter}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void load(filter, null);
        }}
      >
        {field("person", "Who", { placeholder: "ana@example.org" })}
        {field("action", "Did what", { placeholder: "agent.deactivate" })}
        {field("object", "To what", { placeholder: "a name, an id, a kind" })}
        {field("from", "From", { type: "date" })}
        {field("to", "To", { type: "date" })}
        <Button tone="primary" type="submit" command="audit.list" tip="Show">
          Show
        </Button>
      </form>
      <Wrong>{wrong !== null && !Object.keys(all).some((name) => wrong.path === `args.${name}`) ? wrong.text : null}</Wrong>
      {may("audit.export") && <Export filter={applied} />}
      {items === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {items?.length === 0 && (
        <Empty icon={<ScrollText strokeWidth={1.5} />} title="No such entry">
          <p>What people and the product change here is written down at once.</p>
        </Empty>
      )}
      <ol class={styles.entries} aria-label="Entries">
        {items?.map((item) => (
          <Entry key={item.seq} item={item} />
        ))}
      </ol>
      {cursor !== null && <Button onClick={() => void load(applied, cursor)}>Show {atOnce} more</Button>}
      <ChainState mayKeep={may("audit.keep")} />
    </div>
  );
}

function Export({ filter }: { filter: Filter }) {
  const [wrong, setWrong] = useState<string | null>(null);
  const save = (format: "csv" | "json") => async () => {
    setWrong(null);
    try {
      const { data } = await runCommand("audit.export", { format, ...given(filter) });
      const address = typeof data === "object" && data !== null ? Reflect.get(data, "address") : undefined;
      if (typeof address === "string") await downloadAsMe(address, `audit.${format === "csv" ? "csv" : "ndjson"}`);
    } catch (error) {
      setWrong(toldOf(error));
    }
  };
  return (
    <div class={styles.tools}>
      <Button small command="audit.export" tip="Export as CSV" onClick={save("csv")}>
        Export as CSV
      </Button>
      <Button small command="audit.export" tip="Export as JSON" onClick={save("json")}>
        Export as JSON
      </Button>
      <Wrong>{wrong}</Wrong>
    </div>
  );
}

function Entry({ item }: { item: AuditItem }) {
  const { seq, at, actor, action, object, detail, requestId } = item;
  const outcome = typeof detail === "object" && detail !== null ? Reflect.get(detail, "outcome") : undefined;
  const about = object === null ? "" : `${object.kind} ${object.name ?? object.id ?? "(erased)"}`;
  return (
    <li>
      <details>
        <summary>
          <time dateTime={at} title={exactTime(at)}>
            {new Date(at).toLocaleString([], { dateStyle: "short", timeStyle: "medium" })}
          </time>
          <span class={styles.who} dir="auto">
            {actor.name ?? (actor.kind === "nobody" ? "somebody unknown" : actor.kind)}
          </span>
          <span class={parts.command}>{action}</span>
          <span class={styles.about} dir="auto">
            {about}
          </span>
          <span>{typeof outcome === "string" && outcome !== "succeeded" && <Chip>{outcome}</Chip>}</span>
          <ChevronRight aria-hidden="true" />
        </summary>
        <dl class={styles.more}>
          <dt>Entry</dt>
          <dd>{seq}</dd>
          {actor.address !== null && (
            <>
              <dt>From</dt>
              <dd>{actor.address}</dd>
            </>
          )}
          {detail !== null && detail !== undefined && (
            <>
              <dt>With</dt>
              <dd>
                <code>{JSON.stringify(detail, undefined, 2)}</code>
              </dd>
            </>
          )}
          {requestId !== null && (
            <>
              <dt>Request</dt>
              <dd>{requestId}</dd>
            </>
          )}
          <dt>Hash</dt>
          <dd>
            <code>{item.hash}</code>
          </dd>
        </dl>
      </details>
    </li>
  );
}

/** Each entry has the hash of the one before it: computed anew, it shows what was altered, taken out or put in. */
function ChainState({ mayKeep }: { mayKeep: boolean }) {
  const [chain, setChain] = useState<Chain | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [keeping, setKeeping] = useState<string | null>(null);
  const verify = async () => {
    setWrong(null);
    try {
      setChain(chainIn((await runCommand("audit.verify", {})).data));
    } catch (error) {
      setWrong(toldOf(error));
    }
  };
  return (
    <section class={styles.chain} aria-labelledby="audit-chain">
      <h2 id="audit-chain">Is it whole?</h2>
      <p class={parts.hint}>
        Each entry is bound to the one before it. Write the last hash down elsewhere: it also shows whether all of it was made anew.
      </p>
      <div class={styles.tools}>
        <Button command="audit.verify" tip="Check the chain" onClick={verify}>
          Check the chain
        </Button>
        {mayKeep && (
          <Button command="audit.keep" tip="Change how long it is kept" onClick={() => setKeeping(String(chain?.days ?? 730))}>
            Change how long it is kept
          </Button>
        )}
      </div>
      <Wrong>{wrong}</Wrong>
      {chain !== null && (
        <div role="status" class={styles.verdict}>
          {chain.flaws.length === 0 ? (
            <p>
              <Chip>whole</Chip> All {chain.entries} entries are as they were written.
            </p>
          ) : (
            <ul>
              {chain.flaws.map(({ seq, what }) => (
                <li key={`${seq} ${what}`}>
                  <Chip>tampered with</Chip> Entry {seq} {said[what] ?? what}
                </li>
              ))}
            </ul>
          )}
          <p class={parts.hint}>
            Kept for {chain.days} days{chain.since === null ? "" : `, back to ${exactTime(chain.since)}`}. The last entry is {chain.seq}:
          </p>
          <code>{chain.hash}</code>
        </div>
      )}
      {keeping !== null && (
        <CommandDialog
          title="How long is it kept?"
          command="audit.keep"
          args={() => ({ days: Number(keeping) })}
          danger
          onClose={() => setKeeping(null)}
          onDone={() => void verify()}
        >
          {(wrongOf) => (
            <TextField
              id="audit-days"
              label="Days"
              hint="90 to 3,650. What is older is forgotten within a day, and nobody can bring it back."
              inputMode="numeric"
              wrong={wrongOf("days")}
              value={keeping}
              onInput={setKeeping}
            />
          )}
        </CommandDialog>
      )}
    </section>
  );
}

const said: Record<string, string> = { missing: "is missing", inserted: "was put in", altered: "was altered" };

function given(filter: Filter): Partial<Filter> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value.trim() !== ""));
}

/** The server checks what it answers; here it is only found. */
function pageIn(data: unknown): PageOfAudit {
  const { items, nextCursor }: Partial<PageOfAudit> = typeof data === "object" && data !== null ? data : {};
  return { items: items ?? [], nextCursor: nextCursor ?? null };
}

function chainIn(data: unknown): Chain {
  const found: Partial<Chain> = typeof data === "object" && data !== null ? data : {};
  return { entries: 0, seq: 0, hash: "", flaws: [], days: 0, since: null, ...found };
}

function pathOf(error: unknown): string | undefined {
  const path: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "path") : undefined;
  return typeof path === "string" ? path : undefined;
}
