import { lazy, Suspense } from "preact/compat";
import { useRef } from "preact/hooks";
import type { DataSourceView } from "../../src/protocol/dataSources.ts";
import { tableIn } from "../answers/tableIn.ts";
import { allowed } from "../commands/allowed.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { Choice } from "../settings/fields.tsx";
import { useCommandData } from "../settings/useCommandData.ts";
import { addressOf, route } from "../shell/route.ts";
import { AnswerEditor } from "./AnswerEditor.tsx";
import benchStyles from "./Bench.module.css";
import { isRecord, textIn } from "./draft.ts";
import type { EditorLook } from "./kind.ts";
import queryStyles from "./QueryEditor.module.css";
import { SchemaBrowser } from "./SchemaBrowser.tsx";
import type { EditorHandle } from "./SqlEditor.tsx";
import { useSchema } from "./schema.ts";

const SqlEditor = lazy(() => import("./SqlEditor.tsx"));

/** A query: of which database, its text, and as what its answer is read. */
export function QueryEditor({ body, parameters, onChange, faultAt, trial }: EditorLook) {
  const { data: sources, wrong } = useCommandData<DataSourceView>("data-source.list", "dataSources");
  const dataSource = textIn(body["dataSource"]);
  const schema = useSchema(dataSource);
  const editor = useRef<EditorHandle>(null);
  const source = sources?.find(({ name }) => name === dataSource);
  const fault = (path: string) => faultAt(path)?.text ?? null;
  return (
    <>
      <section class={benchStyles.part} aria-label="Query">
        <Wrong>{wrong ?? fault("")}</Wrong>
        {sources?.length === 0 ? (
          <NoSource />
        ) : (
          <Choice
            id="query-source"
            label="Data source"
            wrong={fault("dataSource")}
            value={dataSource}
            none={sources === null ? "…" : "Choose a database"}
            options={optionsOf(sources ?? [], dataSource)}
            onInput={(next) => onChange({ ...body, dataSource: next })}
          />
        )}
        <div class={queryStyles.query}>
          <Suspense fallback={<div class={queryStyles.editor} aria-busy="true" />}>
            <SqlEditor
              value={textIn(body["sql"])}
              kind={source?.kind ?? "postgresql"}
              tables={schema.tables ?? noTables}
              parameters={parameters}
              fault={faultAt("sql")}
              handle={editor}
              onInput={(sql) => onChange({ ...body, sql })}
            />
          </Suspense>
          {dataSource !== "" && <SchemaBrowser {...schema} onInsert={(text) => editor.current?.insert(text)} />}
        </div>
        <label class={parts.ticked}>
          <input
            type="checkbox"
            checked={body["writes"] === true}
            onChange={(event) => {
              const { writes: _, answer: __, keepSeconds: ___, ...reads } = body;
              onChange(event.currentTarget.checked ? { ...reads, writes: true } : reads);
            }}
          />
          <span>
            It changes data
            <span class={parts.hint}> one INSERT, UPDATE or DELETE; somebody else agrees before each run</span>
          </span>
        </label>
        {body["writes"] !== true && (
          <Choice
            id="query-keep"
            label="An answer is given again"
            hint="to whoever asks the same; it says of when it is"
            wrong={fault("keepSeconds")}
            value={secondsOf(body)}
            none="Never: each run asks anew"
            options={keepingOf(secondsOf(body))}
            onInput={(next) => {
              const { keepSeconds: _, ...anew } = body;
              onChange(next === "" ? anew : { ...anew, keepSeconds: Number(next) });
            }}
          />
        )}
      </section>
      {body["writes"] !== true && (
        <AnswerEditor
          answer={isRecord(body["answer"]) ? body["answer"] : { as: "table" }}
          columns={tableIn(trial?.answer)?.columns ?? []}
          faultAt={(path) => fault(path === "" ? "answer" : `answer.${path}`)}
          onChange={(answer) => onChange({ ...body, answer })}
        />
      )}
    </>
  );
}

const noTables: never[] = [];

function NoSource() {
  return (
    <p>
      There is no database to ask yet.{" "}
      {allowed.value.has("data-source.create") ? (
        <a href={addressOf({ ...route.value, settings: "data-sources" })}>Connect one</a>
      ) : (
        "An admin connects one, in the settings."
      )}
    </p>
  );
}

/** The one that is chosen is there whatever became of it. */
function optionsOf(sources: readonly DataSourceView[], chosen: string) {
  const options = sources.map(({ name, kind, demo }) => ({
    value: name,
    label: `${name} · ${demo ? "a shop to try things with" : kind === "mysql" ? "MySQL" : "PostgreSQL"}`,
  }));
  return chosen === "" || options.some(({ value }) => value === chosen)
    ? options
    : [...options, { value: chosen, label: `${chosen} · gone` }];
}

function secondsOf(body: EditorLook["body"]): string {
  const { keepSeconds } = body;
  return typeof keepSeconds === "number" ? `${keepSeconds}` : "";
}

const keeping = [
  { value: "60", label: "for a minute" },
  { value: "600", label: "for 10 minutes" },
  { value: "3600", label: "for an hour" },
];

/** What a program chose is there as well. */
function keepingOf(chosen: string) {
  if (chosen === "" || keeping.some(({ value }) => value === chosen)) return keeping;
  return [...keeping, { value: chosen, label: `for ${chosen} seconds` }];
}
