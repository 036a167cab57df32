import { useRef, useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { ImportColumnSettings, ImportQuestion, ImportSettings, ImportView } from "../../../src/protocol/imports.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Scrolled } from "../../look/Scrolled.tsx";
import { Wrong } from "../../look/Wrong.tsx";
import styles from "./Import.module.css";
import { cancelImport, changeImport, startImport, takeErrors } from "./imports.ts";
import { PreviewTable } from "./PreviewTable.tsx";
import { ReadingChoices } from "./ReadingChoices.tsx";
import { RowChoices } from "./RowChoices.tsx";

/** No column fills them. */
const unfilled: ReadonlySet<string> = new Set(["file", "formula"]);

interface DraftLook {
  blueprint: BlueprintView;
  view: ImportView;
  onView: (view: ImportView) => void;
  onStarted: (view: ImportView) => void;
}

/** What the columns are, what only a person can know, what becomes of rows, and how the first of them will look. */
export function DraftView({ blueprint, view, onView, onStarted }: DraftLook) {
  const [wrong, setWrong] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const asked = useRef(0);
  const { settings, questions, problems } = view;
  const change = async (what: Parameters<typeof changeImport>[1]) => {
    const mine = ++asked.current;
    setWrong(null);
    // Seen at once; what follows from it, the server says.
    if (what.settings !== undefined) onView({ ...view, settings: { ...settings, ...what.settings } });
    await changeImport(view, what).then(
      (found) => mine === asked.current && onView(found),
      (error: unknown) => setWrong(sentence(error)),
    );
  };
  const setColumn = (index: number, said: Partial<ImportColumnSettings>) =>
    change({ settings: { columns: settings.columns.map((column, at) => (at === index ? { ...column, ...said } : column)) } });
  const act = async (what: (view: ImportView) => Promise<ImportView>, then: (view: ImportView) => void) => {
    setBusy(true);
    await what(view).then(then, (error: unknown) => setWrong(sentence(error)));
    setBusy(false);
  };
  const why = problems[0]?.message ?? (questions.length > 0 ? "Answer the questions first: they stand beside their columns." : null);
  return (
    <>
      <p>
        <b>{view.name}</b>: {view.rows.toLocaleString()} rows, {view.columns.length} columns.
      </p>
      {view.before !== null && (
        <p class={`${parts.notice} ${styles.notice}`}>The same file was imported here on {new Date(view.before).toLocaleString()}.</p>
      )}
      {view.fault !== null && (
        <p class={`${parts.notice} ${styles.notice}`} role="status">
          <span class={parts.grow}>{view.fault}</span>
          <Button small onClick={() => void takeErrors(view).catch((error: unknown) => setWrong(sentence(error)))}>
            Save the errors
          </Button>
        </p>
      )}
      <ReadingChoices view={view} onReading={(reading) => void change({ reading })} />
      <Scrolled label="Columns of the file" class={styles.scrolled}>
        <table class={styles.columns}>
          <caption class={styles.hidden}>Which field each column fills</caption>
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">First values</th>
              <th scope="col">Field</th>
              <th scope="col">Read as</th>
            </tr>
          </thead>
          <tbody>
            {view.columns.map((column, index) => (
              <tr key={index} data-left={settings.columns[index]?.field === null}>
                <th scope="row">{column.name}</th>
                <td class={styles.samples}>{column.samples.slice(0, 3).join(" · ")}</td>
                <td>
                  <select
                    class={parts.field}
                    aria-label={`Field of ${column.name}`}
                    value={settings.columns[index]?.field ?? ""}
                    onChange={(event) => void setColumn(index, { field: event.currentTarget.value || null })}
                  >
                    <option value="">Leave it out</option>
                    {blueprint.fields
                      .filter(({ type }) => !unfilled.has(type))
                      .map((field) => (
                        <option key={field.key} value={field.key}>
                          {field.name}
                        </option>
                      ))}
                  </select>
                </td>
                <td>
                  {questions
                    .filter((question) => question.column === index)
                    .map((question) => (
                      <Question
                        key={question.ask}
                        question={question}
                        column={column.name}
                        onAnswer={(value) => void setColumn(index, { [question.ask]: value })}
                      />
                    ))}
                  <span class={styles.quiet}>{saidOf(settings.columns[index])}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      <RowChoices
        fields={blueprint.fields}
        settings={settings}
        onSettings={(said: Partial<ImportSettings>) => void change({ settings: said })}
      />
      <PreviewTable view={view} fields={blueprint.fields} />
      <Wrong>{wrong}</Wrong>
      <div class={styles.actions}>
        <Button
          tone="primary"
          command={`${blueprint.key}.import`}
          disabled={isBusy || why !== null}
          onClick={() => void act(startImport, onStarted)}
        >
          Import {view.rows.toLocaleString()} rows
        </Button>
        <Button disabled={isBusy} onClick={() => void act(cancelImport, onView)}>
          Don't import it
        </Button>
        {why !== null && (
          <span class={styles.why} role="status">
            {why}
          </span>
        )}
      </div>
    </>
  );
}

interface QuestionLook {
  question: ImportQuestion;
  column: string;
  onAnswer: (value: string) => void;
}

function Question({ question: { ask, sample, options }, column, onAnswer }: QuestionLook) {
  return (
    <select
      class={`${parts.field} ${styles.question}`}
      aria-label={`How ${column} is read: ${ask}`}
      value=""
      onChange={(event) => onAnswer(event.currentTarget.value)}
    >
      <option value="" disabled>
        {sample} is …
      </option>
      {options.map(({ value, reads }) => (
        <option key={value} value={value}>
          {reads}
        </option>
      ))}
    </select>
  );
}

/** How a column is read, in words. */
function saidOf(column: ImportColumnSettings | undefined): string {
  const said = [
    column?.dates === undefined ? null : column.dates === "dmy" ? "day first" : "month first",
    column?.decimals === undefined ? null : column.decimals === "," ? "decimal comma" : "decimal point",
    column?.zone ?? null,
  ];
  return said.filter((one) => one !== null).join(", ");
}
