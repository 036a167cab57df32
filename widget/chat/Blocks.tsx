import type { Block, Button, FileBlock } from "../../src/protocol/blocks.ts";
import type { FormValues } from "../../src/protocol/forms.ts";
import { language, texts } from "../texts/texts.ts";
import { attaching, fetchAttaching } from "./attaching.ts";
import { fetchMore } from "./fetchMore.ts";

/** `text` is how it is shown until the server has spelled it out. */
export type SubmitForm = (action: string, values: FormValues, text: string) => void;

interface Offering {
  /** Undefined where the buttons are no longer offered. */
  press: ((button: Button) => void) | undefined;
  /** Undefined where the form was answered. */
  submit?: SubmitForm | undefined;
}

/** Adds to a message's text what its blocks show: buttons at once, what is rarer as soon as it was fetched. */
export function Blocks({ blocks, ...offering }: Offering & { blocks: readonly Block[] }) {
  const others = blocks.filter(({ type }) => type !== "action" && type !== "file");
  return (
    <>
      {others.length > 0 && <Others blocks={others} {...offering} />}
      {blocks.map((block) => block.type === "file" && <Attached key={block.id} file={block} />)}
    </>
  );
}

/** Until it is fetched, the text names the file. */
function Attached({ file }: { file: FileBlock }) {
  const { FileCard } = attaching.value ?? {};
  if (FileCard !== undefined) return <FileCard file={file} />;
  void fetchAttaching().catch(() => {});
  return null;
}

function Others({ blocks, press, submit }: Offering & { blocks: readonly Block[] }) {
  const buttons = (some: readonly Button[]) => (press === undefined ? null : <Choices buttons={some} press={press} />);
  if (blocks.every((block) => block.type === "buttons")) return blocks.map((block) => block.type === "buttons" && buttons(block.buttons));
  const rich = fetchMore();
  if (rich === undefined) return null;
  if (rich === "failed") return <p class="small muted">{texts.partNotLoaded}</p>;
  const filled = submit && ((action: string, values: FormValues) => submit(action, values, rich.spelled(blocks, values)));
  return <rich.RichBlocks blocks={blocks} words={rich.blockWords()} language={language} buttons={buttons} form={filled ?? "answered"} />;
}

function Choices({ buttons, press }: { buttons: readonly Button[]; press(button: Button): void }) {
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
