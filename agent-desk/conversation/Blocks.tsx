import type { Block, TableBlock } from "../../src/protocol/blocks.ts";
import styles from "./Timeline.module.css";

const numeric = new Set(["integer", "decimal", "money", "number"]);

/** What stood beside the text, as the visitor saw it. The buttons are the visitor's: here they can't be pressed. */
export function Blocks({ blocks }: { blocks: Block[] }) {
  return blocks.map((block, place) => {
    if (block.type === "buttons") return <Buttons key={place} labels={block.buttons.map(({ label }) => label)} />;
    if (block.type === "table") return <Table key={place} table={block} />;
    if (block.type === "fields") return <Fields key={place} fields={block.fields} />;
    if (block.type === "action") return <Pressed key={place} />;
    return null;
  });
}

function Buttons({ labels }: { labels: string[] }) {
  return (
    <div class={styles.buttons} title="Offered to the visitor">
      {labels.map((label) => (
        <span key={label}>{label}</span>
      ))}
    </div>
  );
}

function Pressed() {
  return <span class={styles.pressed}>pressed a button</span>;
}

function Table({ table: { columns, rows, truncated } }: { table: TableBlock }) {
  const look = columns.map(({ type }) => (numeric.has(type) ? styles.number : undefined));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by keyboard
    <section class={styles.tableCard} tabIndex={0} aria-label="Table">
      <table>
        <thead>
          <tr>
            {columns.map(({ name }, place) => (
              <th key={name} scope="col" class={look[place]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, line) => (
            <tr key={line}>
              {row.map((cell, place) => (
                <td key={place} class={look[place]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {truncated && <p>Cut after {rows.length.toLocaleString()} rows.</p>}
    </section>
  );
}

function Fields({ fields }: { fields: { label: string; value: string }[] }) {
  return (
    <dl class={styles.fields}>
      {fields.map(({ label, value }) => (
        <>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}
