import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { tinykeys } from "tinykeys";
import type { OperationView } from "../../src/protocol/operations.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { sentence } from "../commands/run.ts";
import { Wrong } from "../look/Wrong.tsx";
import { TextField } from "../settings/fields.tsx";
import styles from "./Bench.module.css";
import { BenchHead, type Doing } from "./BenchHead.tsx";
import { CompareView } from "./CompareView.tsx";
import { type Draft, draftOf } from "./draft.ts";
import type { Fault } from "./kind.ts";
import { kinds } from "./kinds.ts";
import { asName } from "./operationName.ts";
import { publishVersion, saveDraft, showOperation, type VersionLine } from "./operations.ts";
import { ParametersEditor } from "./ParametersEditor.tsx";
import { justPublished, PublishedNotice } from "./PublishedNotice.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { StaleNotice } from "./StaleNotice.tsx";
import { TryPanel } from "./TryPanel.tsx";
import { type Trial, triedArgs, tryOperation } from "./tryOperation.ts";
import { useDraft } from "./useDraft.ts";

interface BenchLook {
  /** Null of a new one. */
  stored: OperationView | null;
  versions: readonly VersionLine[];
  begin: Draft;
  onSaved: (operation: OperationView) => void | Promise<void>;
}

/** What was refused of an operation whose first version was saved in the same step: it is told where that one stands now. */
const leftFault = signal<{ name: string; fault: Fault } | null>(null);

function takeLeftFault(name: string | undefined): Fault | null {
  const left = leftFault.peek();
  if (left === null || left.name !== name) return null;
  leftFault.value = null;
  return left.fault;
}

/** Nobody has written for so long. */
const quietMs = 600;

/** Where an operation is written, tried, saved and published; what isn't saved is kept in this browser. */
export function Workbench({ stored, versions, begin, onSaved }: BenchLook) {
  const { draft, isChanged, change, forget, settle } = useDraft(stored, begin);
  const [fault, setFault] = useState<Fault | null>(() => takeLeftFault(stored?.name));
  const [doing, setDoing] = useState<Doing>(null);
  const [trial, setTrial] = useState<Trial | null>(null);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const bench = useRef<HTMLElement>(null);
  const [comparing, setComparing] = useState<number | null>(null);
  const work = useRef<HTMLDivElement>(null);
  const byKey = useRef<Record<"try" | "save", () => void>>({ try: () => {}, save: () => {} });
  useEffect(() => {
    if (bench.current === null) return;
    const key = (what: "try" | "save") => (event: KeyboardEvent) => {
      event.preventDefault();
      byKey.current[what]();
    };
    return tinykeys(bench.current, { "$mod+Enter": key("try"), "$mod+s": key("save") });
  }, []);

  const answer = JSON.stringify(draft.body["answer"]);
  const shownAs = useRef(answer);

  const write = (changes: Partial<Draft>) => {
    setFault(null);
    change({ ...draft, ...changes });
  };
  const attempt = async (what: Doing, act: () => Promise<void>) => {
    setDoing(what);
    setFault(null);
    try {
      await act();
    } catch (error) {
      // What stands now is fetched, and a notice says who was first and how to go on.
      if (error instanceof Refusal && error.code === "stale" && stored !== null) return await onSaved(stored);
      const found = faultOf(error);
      // A new one was saved all the same, and stands open now as one of those that there are.
      if (what === "publishing" && stored === null) leftFault.value = { name: draft.name, fault: found };
      else setFault(found);
      requestAnimationFrame(() => work.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
    } finally {
      setDoing(null);
    }
  };
  const save = () =>
    attempt("saving", async () => {
      const saved = await saveDraft(draft);
      // What is saved is shown before the draft of it goes: nothing that is written meanwhile begins with what was there before.
      await onSaved(saved);
      settle(draft, saved);
    });
  const publish = () =>
    attempt("publishing", async () => {
      const saved = isChanged || stored === null ? await saveDraft(draft) : stored;
      try {
        await publishVersion(saved.name, saved.version);
        justPublished.value = saved.name;
      } finally {
        await onSaved(saved);
        settle(draft, saved);
      }
    });
  const restore = (version: number) =>
    attempt("saving", async () => {
      const { operation } = await showOperation(draft.name, version);
      change({ ...draftOf(operation), seen: draft.seen });
    });
  const publishOld = (version: number) =>
    attempt("publishing", async () => {
      await publishVersion(draft.name, version);
      if (stored !== null) await onSaved(stored);
    });
  const attemptTrial = () =>
    attempt("trying", async () => {
      shownAs.current = answer;
      setTrial(await tryOperation(draft, values));
    });
  const isTried = trial !== null && trial.plan === null && doing === null;
  // As it would be read is shown at once, as soon as somebody chose another way.
  useEffect(() => {
    if (!isTried || shownAs.current === answer) return;
    const timer = setTimeout(() => {
      shownAs.current = answer;
      void attemptTrial();
    }, quietMs);
    return () => clearTimeout(timer);
  }, [isTried, answer]);
  byKey.current = {
    try: () => doing === null && void attemptTrial(),
    save: () => doing === null && isChanged && void save(),
  };
  const kind = kinds[draft.kind];
  if (kind === undefined) return <section class={styles.bench} />;
  const faultAt = (root: string) => (path: string) => faultUnder(fault, root, path);
  const isInPlace = fault !== null && ["name", "summary", "parameters", draft.kind, "values"].includes(fault.path.split(".")[0] ?? "");

  return (
    <section class={styles.bench} ref={bench} aria-label={stored === null ? `New ${inSentence(kind.label)}` : stored.name}>
      <BenchHead
        title={stored?.name ?? `New ${inSentence(kind.label)}`}
        stored={stored}
        isChanged={isChanged}
        doing={doing}
        onTry={attemptTrial}
        onSave={save}
        onPublish={publish}
        onDiscard={() => {
          setFault(null);
          forget();
        }}
      />
      <div class={styles.benchBody}>
        <div class={styles.work} ref={work}>
          {stored !== null && (
            <StaleNotice
              stored={stored}
              draft={draft}
              onMine={() => change({ ...draft, seen: stored.latest })}
              onTheirs={forget}
              onCompare={() => setComparing(stored.latest)}
            />
          )}
          {stored !== null && comparing !== null && (
            <CompareView
              key={comparing}
              stored={stored}
              versions={versions}
              draft={draft}
              isChanged={isChanged}
              begin={comparing}
              onClose={() => setComparing(null)}
            />
          )}
          {stored !== null && <PublishedNotice stored={stored} draft={draft} values={values} />}
          <Wrong>{fault !== null && !isInPlace ? fault.text : null}</Wrong>
          <div class={styles.naming}>
            {stored === null && (
              <TextField
                id="operation-name"
                label="Name"
                placeholder="late-orders"
                maxLength={60}
                hint={draft.name === "" ? "As it is run: small letters, digits and hyphens." : `It is run as /${draft.name}`}
                wrong={faultUnder(fault, "name", "")?.text ?? null}
                value={draft.name}
                onInput={(name) => write({ name: asName(name) })}
              />
            )}
            <TextField
              id="operation-summary"
              label="What it does, in a sentence"
              maxLength={300}
              placeholder="Orders that are late, by region."
              wrong={faultUnder(fault, "summary", "")?.text ?? null}
              value={draft.summary}
              onInput={(summary) => write({ summary })}
            />
          </div>
          <kind.Editor
            body={draft.body}
            parameters={draft.parameters}
            onChange={(body) => write({ body })}
            faultAt={faultAt(draft.kind)}
            trial={trial}
            stored={stored}
            onStored={() => stored !== null && void onSaved(stored)}
            onImported={({ body, parameters, values: stood }) => {
              write({ body, parameters });
              setValues(stood);
            }}
            tryAs={(body) => triedArgs({ ...draft, body }, values)}
          />
          <ParametersEditor
            parameters={draft.parameters}
            asked={kind.namesIn(draft.body)}
            optionalHint={kind.optionalHint}
            onChange={(parameters) => write({ parameters })}
            faultAt={faultAt("parameters")}
          />
          <TryPanel
            parameters={draft.parameters}
            values={values}
            trial={trial}
            isTrying={doing === "trying"}
            faultAt={faultAt("values")}
            onValues={setValues}
            onTry={attemptTrial}
          />
        </div>
        <SidePanel
          stored={stored}
          versions={versions}
          draft={draft}
          values={values}
          onChange={write}
          onChanged={() => stored !== null && onSaved(stored)}
          onCompare={setComparing}
          onRestore={restore}
          onPublish={publishOld}
        />
      </div>
    </section>
  );
}

/** Letters that stand for words stay as they are: "API call". */
function inSentence(label: string): string {
  return /^\p{Lu}{2}/u.test(label) ? label : label.toLowerCase();
}

function faultOf(error: unknown): Fault {
  const path = error instanceof Refusal ? (error.path ?? "") : "";
  const at = error instanceof Refusal ? error.character : undefined;
  return { path: path.replace(/^args\./, ""), text: sentence(error), ...(at === undefined ? {} : { at }) };
}

/** What is wrong at a place or somewhere below it; a place that an editor shows whole asks for what is below it by `""`. */
function faultUnder(fault: Fault | null, root: string, path: string): Fault | null {
  const place = path === "" ? root : `${root}.${path}`;
  return fault !== null && (fault.path === place || (path !== "" && fault.path.startsWith(`${place}.`))) ? fault : null;
}
