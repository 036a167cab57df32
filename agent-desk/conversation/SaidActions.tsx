import { Ellipsis } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import { reactionEmoji } from "../../src/protocol/blocks.ts";
import { textWithoutFiles } from "../../src/protocol/files.ts";
import { allowed } from "../commands/allowed.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import button from "../look/button.module.css";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { TextField } from "../settings/fields.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { act } from "./act.ts";
import styles from "./Timeline.module.css";
import type { SaidRow } from "./timelineRows.ts";

type Doing = "choose" | "edit" | "delete" | "earlier";

interface ActionsLook {
  row: SaidRow;
  /** Where the message stands. */
  conversation: string;
  seq: number;
}

/** What can be done with a message that stands: one plain button a line, and the rest only once somebody asks. */
export function SaidActions(look: ActionsLook) {
  const [doing, setDoing] = useState<Doing | null>(null);
  return (
    <>
      <button
        type="button"
        class={`${button.button} ${button.plain} ${button.icon} ${styles.more}`}
        aria-haspopup="dialog"
        aria-label="What to do with this message"
        onClick={() => setDoing("choose")}
      >
        <Ellipsis aria-hidden="true" />
      </button>
      {doing !== null && <Asked {...look} doing={doing} onDo={setDoing} onClose={() => setDoing(null)} />}
    </>
  );
}

interface AskedLook extends ActionsLook {
  doing: Doing;
  onDo: (doing: Doing) => void;
  onClose: () => void;
}

function Asked({ row, conversation, seq, doing, onDo, onClose }: AskedLook) {
  const [text, setText] = useState(textWithoutFiles(row.text, row.blocks));
  const args = { conversation, seq };
  if (doing === "choose") return <Choose {...{ row, conversation, seq, onDo, onClose }} />;
  if (doing === "earlier") return <Earlier {...{ row, conversation, seq, onClose }} />;
  if (doing === "edit")
    return (
      <CommandDialog title="Change what you said" command="conversation.edit-message" args={() => ({ ...args, text })} onClose={onClose}>
        {(wrongOf) => (
          <TextField id="edited-text" label="It says from now on" many wrong={wrongOf("text")} value={text} onInput={setText} />
        )}
      </CommandDialog>
    );
  return (
    <CommandDialog
      title="Delete this message?"
      command="conversation.delete-message"
      args={() => args}
      label="Delete"
      danger
      onClose={onClose}
    >
      {() => (
        <p>Nobody can read it any more, its files neither; that it was there stays. A mail that it went out by can't be taken back.</p>
      )}
    </CommandDialog>
  );
}

function Choose({ row, conversation, seq, onDo, onClose }: Omit<AskedLook, "doing">) {
  const me = useDesk().account.name;
  const { changedAt, reactions = [] } = row.changed ?? {};
  const may = (verb: string) => allowed.value.has(`conversation.${verb}`);
  const react = (emoji: string, on: boolean) => {
    onClose();
    void act("react", conversation, { seq, emoji, on });
  };
  return (
    <Dialog title="What to do with this message" onClose={onClose}>
      <div class={popups.dialogBody}>
        {may("react") && (
          <fieldset class={styles.reactions}>
            <legend>React</legend>
            {reactionEmoji.map((emoji) => {
              const isMine = reactions.some((one) => one.emoji === emoji && one.names.includes(me));
              return (
                <Button
                  key={emoji}
                  label={`React with ${emoji}`}
                  pressed={isMine}
                  command="conversation.react"
                  onClick={() => react(emoji, !isMine)}
                >
                  {emoji}
                </Button>
              );
            })}
          </fieldset>
        )}
      </div>
      <div class={popups.dialogFoot}>
        {changedAt !== undefined && <Button onClick={() => onDo("earlier")}>What it said before</Button>}
        {row.mine && textWithoutFiles(row.text, row.blocks) !== "" && may("edit-message") && (
          <Button onClick={() => onDo("edit")}>Edit…</Button>
        )}
        {(row.mine || may("take-over")) && may("delete-message") && <Button onClick={() => onDo("delete")}>Delete…</Button>}
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

interface EarlierText {
  text: string;
  /** ISO 8601, UTC. */
  until: string;
}

function Earlier({ row, conversation, seq, onClose }: ActionsLook & { onClose: () => void }) {
  const [texts, setTexts] = useState<readonly EarlierText[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  useEffect(() => {
    runCommand("conversation.earlier-texts", { conversation, seq }).then(
      ({ data }) => setTexts(isEarlier(data) ? data.texts : []),
      (error: unknown) => setWrong(sentence(error)),
    );
  }, [conversation, seq]);
  return (
    <Dialog title="What it said before" command="conversation.earlier-texts" onClose={onClose}>
      <div class={popups.dialogBody} aria-busy={texts === null && wrong === null}>
        <Wrong>{wrong}</Wrong>
        <ol class={styles.earlierTexts}>
          {[...(texts ?? []), { text: row.text, until: "" }].map(({ text, until }) => (
            <li key={until}>
              <span class={styles.meta}>{until === "" ? "Now" : `Until ${exactTime(until)}`}</span>
              <p dir="auto">{text}</p>
            </li>
          ))}
        </ol>
      </div>
      <div class={popups.dialogFoot}>
        <Button onClick={onClose}>Close</Button>
      </div>
    </Dialog>
  );
}

/** The server checks what it answers; here it is only found. */
function isEarlier(data: unknown): data is { texts: EarlierText[] } {
  return typeof data === "object" && data !== null && "texts" in data && Array.isArray(data.texts);
}
