import { useState } from "preact/hooks";
import { runCommand, sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import { Wrong } from "../../look/Wrong.tsx";
import { TextField } from "../../settings/fields.tsx";
import parent from "../Bench.module.css";
import { type Body, isRecord, textIn } from "../draft.ts";
import type { EditorLook } from "../kind.ts";
import query from "../QueryEditor.module.css";
import { AnswerTree } from "./AnswerTree.tsx";
import { lastName, listAround, withinRow } from "./answerPaths.ts";
import { NamedPaths } from "./NamedPaths.tsx";
import { rowsIn, withField } from "./requestBody.ts";

const looks = [
  { as: "", label: "As it comes" },
  { as: "sentence", label: "Sentence" },
  { as: "table", label: "Table" },
  { as: "fields", label: "Fields" },
] as const;

/** What people read of an answer; what the host really answers is there to pick from. */
export function RequestAnswer({ body, onChange, faultAt, tryAs }: EditorLook) {
  const answer: Body = isRecord(body["answer"]) ? body["answer"] : {};
  const as = textIn(answer["as"]);
  const change = (next: Body | undefined) => onChange(withField(body, "answer", next));
  const fault = (path: string) => faultAt(`answer.${path}`)?.text ?? null;
  const [seen, setSeen] = useState<{ answer: unknown } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const method = textIn(body["method"]) || "GET";
  const reads = method === "GET";

  const look = async () => {
    setWrong(null);
    try {
      // A sentence without slots is made of any answer, and what it was made of comes with it.
      const { data } = await runCommand("operation.try", tryAs({ ...body, answer: { as: "sentence", text: "It answers." } }));
      const tried = isRecord(data) && isRecord(data["answer"]) ? data["answer"]["body"] : undefined;
      setSeen({ answer: tried });
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  const takes = (path: string, value: unknown): string | null => {
    const isList = Array.isArray(value);
    if (as === "table" && isList) return textIn(answer["rows"]) === path && answer["columns"] !== undefined ? null : "Use as rows";
    if (isList || isRecord(value)) return null;
    if (as === "sentence") return "Put into the sentence";
    if (as === "fields") return has(answer["fields"], path) ? null : "Add field";
    const rows = listAround(path);
    if (as !== "table" || rows === null) return null;
    return rows === answer["rows"] && has(answer["columns"], withinRow(path, rows)) ? null : "Add column";
  };
  const take = (path: string, value: unknown) => {
    if (as === "sentence") change({ ...answer, text: `${textIn(answer["text"])}{{${path}}}` });
    else if (as === "fields") change({ ...answer, fields: withNamed(rowsIn(answer["fields"]), path) });
    else if (Array.isArray(value)) change({ as, rows: path, columns: columnsOf(value) });
    else {
      const rows = listAround(path) ?? "";
      const before = textIn(answer["rows"]) === rows ? rowsIn(answer["columns"]).filter((column) => column.name !== "") : [];
      change({ as, rows, columns: withNamed(before, withinRow(path, rows) ?? path) });
    }
  };

  return (
    <section class={parent.part} aria-labelledby="request-answer">
      <div class={parent.partHead}>
        <h2 id="request-answer">Answers as</h2>
        <div class={query.segments} role="radiogroup" aria-labelledby="request-answer">
          {looks.map((each) => (
            <label key={each.as}>
              <input type="radio" name="request-answer-as" checked={as === each.as} onChange={() => change(begun(each.as))} />
              {each.label}
            </label>
          ))}
        </div>
      </div>
      <Wrong>{as === "" ? null : (faultAt("answer")?.text ?? null)}</Wrong>
      {as === "" && <p class={parts.hint}>A list becomes a table, an object its fields, a text itself.</p>}
      {as === "sentence" && (
        <TextField
          id="request-sentence"
          label="The sentence"
          hint="{{data.total}} is what stands there in the answer."
          wrong={fault("text")}
          value={textIn(answer["text"])}
          onInput={(text) => change({ ...answer, text })}
        />
      )}
      {as === "table" && (
        <TextField
          id="request-rows"
          label="Where the list of rows stands"
          placeholder="data.items"
          hint="Empty where the answer is the list."
          wrong={fault("rows")}
          value={textIn(answer["rows"])}
          onInput={(rows) => change({ ...answer, rows })}
        />
      )}
      {(as === "table" || as === "fields") && (
        <NamedPaths
          what={as === "table" ? "column" : "field"}
          rows={rowsIn(answer[as === "table" ? "columns" : "fields"])}
          faultAt={(path) => fault(`${as === "table" ? "columns" : "fields"}${path === "" ? "" : `.${path}`}`)}
          onChange={(rows) => change({ ...answer, [as === "table" ? "columns" : "fields"]: rows })}
        />
      )}
      {as !== "" && (
        <div class={parent.ticks}>
          <Button
            small
            disabled={!reads}
            command="operation.try"
            tip={reads ? "Asks the host once, with the values below" : "It changes something, so it isn't sent for this"}
            onClick={() => void look()}
          >
            Look at the answer
          </Button>
          <span class={parts.hint}>
            {reads
              ? "It asks the host once, and what it answers is there to pick from."
              : "What changes something isn't sent: write the paths."}
          </span>
        </div>
      )}
      <Wrong>{wrong}</Wrong>
      {as !== "" && seen !== null && <AnswerTree answer={seen.answer} takes={takes} onTake={take} />}
    </section>
  );
}

function begun(as: (typeof looks)[number]["as"]): Body | undefined {
  if (as === "") return undefined;
  if (as === "sentence") return { as, text: "It is done." };
  return as === "table" ? { as, rows: "", columns: [{ name: "", path: "" }] } : { as, fields: [{ name: "", path: "" }] };
}

function has(rows: unknown, path: string | null): boolean {
  return rowsIn(rows).some((row) => row.path === path && row.name !== "");
}

/** Where there is an empty row, it is that one. */
function withNamed(rows: readonly { name: string; path: string }[], path: string) {
  const kept = rows.filter((row) => row.name !== "" || row.path !== "");
  return kept.some((row) => row.path === path) ? kept : [...kept, { name: lastName(path), path }];
}

const mostColumns = 8;

/** What the first row has that is one value. */
function columnsOf(list: readonly unknown[]) {
  const [first] = list;
  if (!isRecord(first)) return [{ name: "value", path: "" }];
  const single = Object.keys(first).filter((name) => typeof first[name] !== "object" || first[name] === null);
  return single.slice(0, mostColumns).map((name) => ({ name, path: /^[\p{L}\p{N}_$@-]+$/u.test(name) ? name : `["${name}"]` }));
}
