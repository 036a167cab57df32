import "../../src/client/blocks/blocks.css";
import { RichBlocks } from "../../src/client/blocks/RichBlocks.tsx";
import type { BlockWords } from "../../src/client/blocks/words.ts";
import type { Block, Button } from "../../src/protocol/blocks.ts";
import { ChartOrTable } from "../answers/ChartOrTable.tsx";
import { SortedTable } from "../answers/SortedTable.tsx";
import { AttachedFile } from "./AttachedFile.tsx";
import styles from "./Timeline.module.css";

/** What stood beside the text, as the visitor saw it. The buttons and forms are the visitor's: here they can't be pressed. */
export function Blocks({ blocks }: { blocks: Block[] }) {
  const action = blocks.find((block) => block.type === "action");
  return (
    <>
      {blocks.map((block, index) => (
        <One key={index} block={block} />
      ))}
      {blocks.map((block) => block.type === "file" && <AttachedFile key={block.id} file={block} />)}
      {action !== undefined && <span class={styles.pressed}>{action.values === undefined ? "pressed a button" : "filled in a form"}</span>}
    </>
  );
}

function One({ block }: { block: Block }) {
  if (block.type === "table") return <SortedTable {...block} note={block.truncated ? words.truncated : undefined} />;
  const drawn = (
    <RichBlocks blocks={[block]} words={words} language={undefined} buttons={(buttons) => <Buttons buttons={buttons} />} form="shown" />
  );
  return block.type === "chart" ? <ChartOrTable chart={block} drawn={drawn} /> : drawn;
}

function Buttons({ buttons }: { buttons: readonly Button[] }) {
  return (
    <div class={styles.buttons} title="Offered to the visitor">
      {buttons.map(({ label }) => (
        <span key={label}>{label}</span>
      ))}
    </div>
  );
}

const words: BlockWords = {
  table: (columns) => `Table: ${columns.join(", ")}`,
  chart: (title) => (title === "" ? "Chart" : `Chart: ${title}`),
  truncated: "Not all rows are shown.",
  optional: "optional",
  choose: "Choose…",
  submit: "Send",
  answered: "Answered.",
  opensElsewhere: "opens in a new tab",
  required: "Please fill this in.",
  notText: "This is not a text.",
  notEmail: "This is not a mail address.",
  notNumber: "This is not a number.",
  notDate: "This is not a date.",
  notChoice: "Choose one of the list.",
  tooLong: (limit, length) => `${limit.toLocaleString()} is the limit, this has ${length.toLocaleString()}.`,
};
