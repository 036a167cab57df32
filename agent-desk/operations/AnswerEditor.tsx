import parts from "../look/parts.module.css";
import { insertSlot, SlotButtons } from "../look/SlotButtons.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import benchStyles from "./Bench.module.css";
import type { Body } from "./draft.ts";
import queryStyles from "./QueryEditor.module.css";

interface AnswerLook {
  answer: Body;
  /** What the query answered when it was tried. */
  columns: readonly string[];
  faultAt: (path: string) => string | null;
  onChange: (answer: Body) => void;
}

const looks = [
  { as: "table", label: "Table" },
  { as: "chart", label: "Chart" },
  { as: "sentence", label: "Sentence" },
] as const;

/** As what people read the answer of a query. */
export function AnswerEditor({ answer, columns, faultAt, onChange }: AnswerLook) {
  const { as } = answer;
  const begin = (next: (typeof looks)[number]["as"]): Body => {
    if (next === "table") return { as: next };
    if (next === "sentence")
      return { as: next, text: `There are {{count}}${columns[0] === undefined ? "" : `; the first is {{${columns[0]}}}`}.` };
    return { as: next, labels: columns[0] ?? "", values: [columns.at(-1) ?? ""] };
  };
  return (
    <section class={benchStyles.part} aria-labelledby="operation-answer">
      <div class={benchStyles.partHead}>
        <h2 id="operation-answer">Answers as</h2>
        <div class={queryStyles.segments} role="radiogroup" aria-labelledby="operation-answer">
          {looks.map((look) => (
            <label key={look.as}>
              <input type="radio" name="operation-answer-as" checked={as === look.as} onChange={() => onChange(begin(look.as))} />
              {look.label}
            </label>
          ))}
        </div>
      </div>
      <Wrong>{faultAt("")}</Wrong>
      {as === "chart" && <ChartFields answer={answer} columns={columns} faultAt={faultAt} onChange={onChange} />}
      {as === "sentence" && <SentenceFields answer={answer} columns={columns} faultAt={faultAt} onChange={onChange} />}
    </section>
  );
}

function ChartFields({ answer, columns, faultAt, onChange }: AnswerLook) {
  const values = textsIn(answer["values"]);
  const { title: _, ...untitled } = answer;
  return (
    <div class={benchStyles.fields}>
      <ColumnField
        id="chart-labels"
        label="What stands beside the bars"
        columns={columns}
        wrong={faultAt("labels")}
        value={textIn(answer["labels"])}
        onInput={(labels) => onChange({ ...answer, labels })}
      />
      <ColumnField
        id="chart-values"
        label="How long they are"
        columns={columns}
        wrong={faultAt("values")}
        value={values[0] ?? ""}
        onInput={(value) => onChange({ ...answer, values: [value, ...values.slice(1)] })}
      />
      <TextField
        id="chart-title"
        label="Title"
        wrong={faultAt("title")}
        value={textIn(answer["title"])}
        onInput={(title) => onChange(title === "" ? untitled : { ...answer, title })}
      />
    </div>
  );
}

function SentenceFields({ answer, columns, faultAt, onChange }: AnswerLook) {
  const { none: _, ...without } = answer;
  const slots = ["count", ...columns];
  return (
    <>
      <TextField
        id="sentence-text"
        label="The sentence"
        wrong={faultAt("text")}
        value={textIn(answer["text"])}
        onInput={(text) => onChange({ ...answer, text })}
      />
      <SlotButtons
        slots={slots}
        onChoose={(slot) =>
          onChange({ ...answer, text: insertSlot(document.getElementById("sentence-text"), textIn(answer["text"]), slot) })
        }
      >
        <span class={parts.hint}>count is how many rows there are, the others are of the first row</span>
      </SlotButtons>
      <TextField
        id="sentence-none"
        label="Where there is no row"
        placeholder="There is nothing."
        wrong={faultAt("none")}
        value={textIn(answer["none"])}
        onInput={(none) => onChange(none === "" ? without : { ...answer, none })}
      />
    </>
  );
}

interface ColumnLook {
  id: string;
  label: string;
  columns: readonly string[];
  wrong: string | null;
  value: string;
  onInput: (column: string) => void;
}

/** A column is chosen where it is known what there are, and written where the query wasn't tried yet. */
function ColumnField({ columns, value, ...look }: ColumnLook) {
  if (columns.length === 0) return <TextField {...look} hint="Try it once, and choose here." value={value} />;
  const options = columns.includes(value) || value === "" ? columns : [...columns, value];
  return <Choice {...look} value={value} none="Choose a column" options={options.map((column) => ({ value: column, label: column }))} />;
}

function textIn(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textIn) : [];
}
