import { writeReference } from "../../src/protocol/reference.ts";
import { isNumeric } from "../answers/sortRows.ts";
import parts from "../look/parts.module.css";
import { insertSlot, SlotButtons } from "../look/SlotButtons.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import benchStyles from "./Bench.module.css";
import { type Body, textIn } from "./draft.ts";
import queryStyles from "./QueryEditor.module.css";

interface AnswerLook {
  answer: Body;
  /** What the query answered when it was tried. */
  columns: readonly { name: string; type: string }[];
  faultAt: (path: string) => string | null;
  onChange: (answer: Body) => void;
}

const looks = [
  { as: "table", label: "Table" },
  { as: "chart", label: "Chart" },
  { as: "sentence", label: "Sentence" },
] as const;

const mostSeries = 8;

/** As what people read the answer of a query. */
export function AnswerEditor({ answer, columns, faultAt, onChange }: AnswerLook) {
  const { as } = answer;
  const begin = (next: (typeof looks)[number]["as"]): Body => {
    if (next === "table") return { as: next };
    if (next === "sentence") {
      const first = columns[0] === undefined ? undefined : writeReference([columns[0].name]);
      return { as: next, text: `There are {{count}}${first === undefined ? "" : `; the first is ${first}`}.` };
    }
    const label = columns.find(({ type }) => !isNumeric(type)) ?? columns[0];
    const numbers = columns.filter(({ name, type }) => isNumeric(type) && name !== label?.name);
    const values = numbers.length === 0 ? [columns.at(-1)?.name ?? ""] : numbers.slice(0, mostSeries).map(({ name }) => name);
    return { as: next, ...(isTime(label?.type) ? { look: "lines" } : {}), labels: label?.name ?? "", values };
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
  const isLines = answer["look"] === "lines";
  const by = textIn(answer["by"]);
  const write = (name: string, value: string) => {
    const { [name]: _, ...rest } = answer;
    onChange(value === "" ? rest : { ...rest, [name]: value });
  };
  const numbers = columns.filter(({ name, type }) => isNumeric(type) || values.includes(name)).map(({ name }) => name);
  return (
    <>
      <div class={benchStyles.fields}>
        <Choice
          id="chart-look"
          label="Drawn as"
          wrong={faultAt("look")}
          value={isLines ? "lines" : "bars"}
          options={[
            { value: "bars", label: "Bars" },
            { value: "lines", label: "Lines" },
          ]}
          onInput={(look) => onChange({ ...answer, look })}
        />
        <ColumnField
          id="chart-labels"
          label={isLines ? "From left to right" : "What stands beside the bars"}
          columns={columns}
          wrong={faultAt("labels")}
          value={textIn(answer["labels"])}
          onInput={(labels) => onChange({ ...answer, labels })}
        />
        <ColumnField
          id="chart-by"
          label={isLines ? "A line for each" : "A bar for each"}
          columns={columns}
          none="Of the columns below"
          wrong={faultAt("by")}
          value={by}
          onInput={(column) => write("by", column)}
        />
        <TextField
          id="chart-title"
          label="Title"
          wrong={faultAt("title")}
          value={textIn(answer["title"])}
          onInput={(title) => write("title", title)}
        />
      </div>
      {numbers.length === 0 || by !== "" ? (
        <ColumnField
          id="chart-values"
          label={isLines ? "How high they are" : "How long they are"}
          columns={columns}
          wrong={faultAt("values")}
          value={values[0] ?? ""}
          onInput={(value) => onChange({ ...answer, values: [value] })}
        />
      ) : (
        <fieldset class={benchStyles.ticks}>
          <legend>{isLines ? "How high they are" : "How long they are"}</legend>
          {numbers.map((column) => (
            <label key={column} class={parts.ticked}>
              <input
                type="checkbox"
                checked={values.includes(column)}
                onChange={(event) =>
                  onChange({
                    ...answer,
                    values: numbers
                      .filter((name) => (name === column ? event.currentTarget.checked : values.includes(name)))
                      .slice(0, mostSeries),
                  })
                }
              />
              {column}
            </label>
          ))}
          <Wrong>{faultAt("values")}</Wrong>
        </fieldset>
      )}
    </>
  );
}

function SentenceFields({ answer, columns, faultAt, onChange }: AnswerLook) {
  const { none: _, ...without } = answer;
  const slots = ["count", ...columns.map(({ name }) => name)].flatMap((name) => writeReference([name]) ?? []);
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
  columns: readonly { name: string }[];
  /** What stands for none, where it may be left out. */
  none?: string;
  wrong: string | null;
  value: string;
  onInput: (column: string) => void;
}

/** A column is chosen where it is known what there are, and written where the query wasn't tried yet. */
function ColumnField({ columns, value, none = "Choose a column", ...look }: ColumnLook) {
  const names = columns.map(({ name }) => name);
  if (names.length === 0) return <TextField {...look} hint="Try it once, and choose here." value={value} />;
  const options = names.includes(value) || value === "" ? names : [...names, value];
  return <Choice {...look} value={value} none={none} options={options.map((column) => ({ value: column, label: column }))} />;
}

function isTime(type: string | undefined): boolean {
  return type === "date" || type === "instant";
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textIn) : [];
}
