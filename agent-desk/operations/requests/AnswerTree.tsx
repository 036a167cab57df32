import parts from "../../look/parts.module.css";
import { partsOf, pathInto } from "./answerPaths.ts";
import styles from "./Requests.module.css";

interface TreeLook {
  answer: unknown;
  /** What can be taken from a place of it; null where nothing can. */
  takes: (path: string, value: unknown) => string | null;
  onTake: (path: string, value: unknown) => void;
}

/** Of a list its first rows are enough to see what each has. */
const rowsShown = 3;
const partsShown = 100;

/** What a host really answered, to pick from. */
export function AnswerTree({ answer, takes, onTake }: TreeLook) {
  return (
    <section class={styles.tree} aria-label="The answer, to pick from">
      <Node name="answer" path="" value={answer} takes={takes} onTake={onTake} open />
    </section>
  );
}

interface NodeLook extends Omit<TreeLook, "answer"> {
  name: string;
  path: string;
  value: unknown;
  open?: boolean;
}

function Node({ name, path, value, takes, onTake, open = false }: NodeLook) {
  const within = partsOf(value);
  const take = takes(path, value);
  const button = take !== null && (
    <button type="button" aria-label={`${take}: ${path === "" ? "the answer" : path}`} onClick={() => onTake(path, value)}>
      {take}
    </button>
  );
  if (typeof value !== "object" || value === null)
    return (
      <div class={styles.leaf}>
        <b>{name}</b>
        <span dir="auto">{value === null ? "null" : String(value)}</span>
        {button}
      </div>
    );
  const shown = within.slice(0, Array.isArray(value) ? rowsShown : partsShown);
  return (
    <details open={open}>
      <summary>
        <b>{name}</b>{" "}
        <span class={parts.hint}>
          {Array.isArray(value) ? `${within.length} in a list` : within.length === 1 ? "1 field" : `${within.length} fields`}
        </span>
        {button}
      </summary>
      {shown.map(([step, part], index) => (
        <Node
          key={step}
          name={String(step)}
          path={pathInto(path, step)}
          value={part}
          takes={takes}
          onTake={onTake}
          open={open && (index === 0 || !Array.isArray(value))}
        />
      ))}
      {shown.length < within.length && <p class={parts.hint}>{within.length - shown.length} more</p>}
    </details>
  );
}
