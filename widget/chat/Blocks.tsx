import type { Block, FieldsBlock, TableBlock } from "../../src/protocol/blocks.ts";
import { texts } from "../texts/texts.ts";
import { Linked } from "./Linked.tsx";
import type { Button } from "./talk.ts";

/** Adds to a message's text what its blocks show. A block that it doesn't know is passed over: the text is complete without. */
export function Blocks({ blocks, press }: { blocks: readonly Block[]; press: ((button: Button) => void) | undefined }) {
  return blocks.map((block, index) => {
    switch (block.type) {
      case "buttons":
        return press === undefined ? null : <Choices key={index} buttons={block.buttons} press={press} />;
      case "table":
        return <Table key={index} table={block} />;
      case "fields":
        return <Fields key={index} fields={block.fields} />;
      default:
        return null;
    }
  });
}

function Choices({ buttons, press }: { buttons: Button[]; press(button: Button): void }) {
  return (
    <div class="choices">
      {buttons.map((button) => (
        <button
          key={`${button.action} ${button.value ?? ""}`}
          type="button"
          class={`button choice ${button.style ?? ""}`}
          dir="auto"
          onClick={() => press(button)}
        >
          {button.label}
        </button>
      ))}
    </div>
  );
}

const numeric = new Set(["integer", "decimal", "money", "number"]);

function Table({ table: { columns, rows, truncated } }: { table: TableBlock }) {
  const side = (index: number) => (numeric.has(columns[index]?.type ?? "") ? "num" : "");
  return (
    <div class="sheet">
      {/* A table that is wider than the panel is scrolled by the keyboard. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="wide" tabIndex={0} aria-label={texts.table(columns.map(({ name }) => name))}>
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
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {truncated && <p class="small muted">{texts.truncated}</p>}
    </div>
  );
}

function Fields({ fields }: { fields: FieldsBlock["fields"] }) {
  return (
    <dl class="sheet facts">
      {fields.map(({ label, value }, index) => [
        <dt key={`l${index}`}>{label}</dt>,
        <dd key={`v${index}`} dir="auto">
          <Linked text={value} />
        </dd>,
      ])}
    </dl>
  );
}
