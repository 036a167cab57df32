import type { ComponentChildren } from "preact";
import type { Block, Button, CardBlock, ChartBlock, FieldsBlock, PlanBlock, TableBlock } from "../../protocol/blocks.ts";
import type { FormValues } from "../../protocol/forms.ts";
import { safeAddress } from "../links.ts";
import { Marked } from "../Marked.tsx";
import { FormSheet } from "./FormSheet.tsx";
import type { BlockWords } from "./words.ts";

interface Around {
  words: BlockWords;
  /** For numbers; undefined is the browser's. */
  language: string | undefined;
  /** Draws buttons in the face's own way, or nothing where they are no longer offered. */
  buttons(buttons: readonly Button[]): ComponentChildren;
  /** `answered` before; `shown` only, as an agent sees it; or open to be filled in. */
  form: "answered" | "shown" | ((action: string, values: FormValues) => void);
}

/** Adds to a message's text what its blocks show. A block that it doesn't know is passed over: the text is complete without. */
export function RichBlocks({ blocks, ...around }: Around & { blocks: readonly Block[] }) {
  return blocks.map((block, index) => <One key={index} block={block} {...around} />);
}

function One({ block, ...around }: Around & { block: Block }) {
  switch (block.type) {
    case "buttons":
      return around.buttons(block.buttons);
    case "table":
      return <Table table={block} {...around} />;
    case "fields":
      return <Fields fields={block.fields} {...around} />;
    case "form":
      return <FormSheet form={block} state={around.form} words={around.words} />;
    case "card":
      return <Card card={block} {...around} />;
    case "chart":
      return <Chart chart={block} {...around} />;
    case "plan":
      return <Plan plan={block} {...around} />;
    default:
      return null;
  }
}

const numeric = new Set(["integer", "decimal", "money", "number"]);

function Table({ table: { columns, rows, truncated }, words, language }: Around & { table: TableBlock }) {
  const side = (index: number) => (numeric.has(columns[index]?.type ?? "") ? "sb-number" : undefined);
  const shown = (cell: string, index: number) => {
    const at = columns[index]?.type === "instant" ? Date.parse(cell) : Number.NaN;
    return Number.isNaN(at) ? cell : new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  };
  return (
    <div class="sb-sheet">
      {/* A table that is wider than its place is scrolled by the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="sb-wide" tabIndex={0} aria-label={words.table(columns.map(({ name }) => name))}>
        <table>
          <thead>
            <tr>
              {columns.map(({ name }, index) => (
                <th key={index} scope="col" class={side(index)}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowIndex) => (
              <tr key={rowIndex}>
                {row.map((cell, index) => (
                  <td key={index} class={side(index)} dir="auto">
                    {shown(cell, index)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {truncated && <p class="sb-more">{words.truncated}</p>}
    </div>
  );
}

function Fields({ fields, words }: Around & Pick<FieldsBlock, "fields">) {
  return (
    <dl class="sb-sheet sb-fields">
      {fields.map(({ label, value }, index) => [
        <dt key={`l${index}`}>{label}</dt>,
        <dd key={`v${index}`} dir="auto">
          <Marked text={value} elsewhere={words.opensElsewhere} />
        </dd>,
      ])}
    </dl>
  );
}

function Card({ card: { title, text, image, link, buttons }, words, buttons: draw }: Around & { card: CardBlock }) {
  const href = link === undefined ? undefined : safeAddress(link);
  const source = image === undefined ? undefined : safeAddress(image.url);
  return (
    <article class="sb-sheet sb-card">
      {source !== undefined && <img src={source} alt={image?.alt ?? ""} loading="lazy" referrerpolicy="no-referrer" onError={hide} />}
      <div>
        <h3 dir="auto">
          {href === undefined ? (
            title
          ) : (
            <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={words.opensElsewhere}>
              {title}
            </a>
          )}
        </h3>
        {text !== undefined && (
          <div class="sb-text" dir="auto">
            <Marked text={text} elsewhere={words.opensElsewhere} />
          </div>
        )}
        {buttons !== undefined && draw(buttons)}
      </div>
    </article>
  );
}

/** A picture that can't be had leaves no hole; what it shows is said by its alternative only where it was there to be seen. */
function hide({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLElement) currentTarget.hidden = true;
}

/** Bars in a table: who can't see them reads label and value. */
function Chart({ chart: { title = "", labels, series }, words, language }: Around & { chart: ChartBlock }) {
  const all = series.flatMap(({ values }) => values);
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const percent = (value: number) => (high === low ? 0 : (value / (high - low)) * 100);
  return (
    <figure class="sb-sheet sb-chart">
      {title !== "" && <figcaption dir="auto">{title}</figcaption>}
      <table aria-label={words.chart(title)}>
        <tbody>
          {labels.flatMap((label, row) =>
            series.map(({ name, values }, place) => {
              const value = values[row] ?? 0;
              return (
                <tr key={`${row} ${place}`}>
                  <th scope="row" dir="auto">
                    {label}
                    {series.length > 1 && <small> {name}</small>}
                  </th>
                  <td class="sb-line">
                    <svg height="10" width="100%" aria-hidden="true">
                      <rect
                        class={`sb-bar sb-bar-${place}`}
                        x={`${percent(Math.min(0, value) - low)}%`}
                        width={`${percent(Math.abs(value))}%`}
                        height="10"
                        rx="3"
                      />
                    </svg>
                  </td>
                  <td class="sb-number">{value.toLocaleString(language)}</td>
                </tr>
              );
            }),
          )}
        </tbody>
      </table>
    </figure>
  );
}

function Plan({ plan: { summary, changes, more = 0, buttons }, words, language, buttons: draw }: Around & { plan: PlanBlock }) {
  return (
    <section class="sb-sheet sb-plan" aria-label={summary}>
      <h3 dir="auto">{summary}</h3>
      <ul>
        {changes.map(({ what, before, after }, index) => (
          <li key={index} dir="auto">
            <span>{what}</span> {before !== undefined && <del>{before}</del>} {after !== undefined && <ins>{after}</ins>}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <p class="sb-more">
          +{more.toLocaleString(language)}. {words.truncated}
        </p>
      )}
      {buttons !== undefined && draw(buttons)}
    </section>
  );
}
