import { Lock, MessageSquare } from "lucide-preact";
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { pastedFiles } from "../../src/client/broughtFiles.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import type { Mentioned } from "../../src/protocol/mentions.ts";
import { openSlots } from "../../src/protocol/slots.ts";
import { maxTextLength } from "../../src/protocol/visitor.ts";
import aids from "../aids/Aids.module.css";
import { sentText, writtenText } from "../aids/enteredLine.ts";
import { MarkedSlots, OpenSlots } from "../aids/OpenSlots.tsx";
import { SlashList, useSlash } from "../aids/useSlash.tsx";
import { allowed } from "../commands/allowed.ts";
import type { DeskState } from "../live/deskState.ts";
import { Button } from "../look/Button.tsx";
import { Kbd } from "../look/Kbd.tsx";
import { namedIn } from "../mentions/mentionsIn.ts";
import { useDesk } from "../shell/deskContext.ts";
import { phone } from "../shell/screen.ts";
import { Addressee, useAddressee } from "./Addressee.tsx";
import { AttachButton, hasRefused, Tray, useDropped } from "./Attachments.tsx";
import { justTaken } from "./act.ts";
import { ClosedTo } from "./ClosedTo.tsx";
import styles from "./Composer.module.css";
import { type Draft, keepDraft, type Mode, readDraft } from "./drafts.ts";
import { mayReply } from "./mayReply.ts";
import type { OpenConversation } from "./openConversation.ts";

/** Lets the page put a text back, choose a mode, or bring the cursor here. */
export interface ComposerHandle {
  write(mode: Mode, text?: string): void;
}

/** While I write, the visitor is told so at most this often; it stops by itself when I stop. */
const typingEveryMs = 3000;

interface ComposerLook {
  head: ConversationHead;
  /** Its own, and what was merged into it: a reply goes to one of them. */
  timelines: readonly OpenConversation[];
  handle: RefObject<ComposerHandle | null>;
}

/** Two modes that no glance confuses: to the customer, or a note on yellow with a lock. What is written survives a reload. */
export function Composer({ head, timelines, handle }: ComposerLook) {
  const desk = useDesk();
  const [draft, setDraft] = useState<Draft>(() => readDraft(localStorage, desk.account.id, head.id));
  const box = useRef<HTMLTextAreaElement>(null);
  const addressee = useAddressee(head, timelines);
  const typing = useTyping(addressee.conversation);
  const right = mayReply(head, desk.account.id, allowed.value.has("conversation.take-over"));
  const { mode } = draft;
  const text = draft[mode];
  const length = [...text].length;
  const writable = mode === "note" || right.may;
  const kind = mode === "reply" ? "message" : "note";
  const attachments = desk.attachments(head.id, kind);
  const sendable = (text.trim() !== "" || attachments.chosen.value.length > 0) && length <= maxTextLength && !hasRefused(attachments);

  const change = (changes: Partial<Draft>) => {
    const next = { ...draft, ...changes };
    setDraft(next);
    keepDraft(localStorage, desk.account.id, head.id, next);
  };
  const slash = useSlash({
    head,
    text,
    box,
    internal: mode === "note",
    send: () => send(),
    write: (whole, named) => change({ [mode]: whole, ...(named === undefined ? {} : { mentions: [...(draft.mentions ?? []), named] }) }),
  });
  const send = () => {
    if (!writable || !sendable || slash.enter()) return;
    const [open] = mode === "reply" ? openSlots(text) : [];
    if (open !== undefined) {
      // A customer must never read a name of ours in braces: the place is shown instead.
      box.current?.focus();
      box.current?.setSelectionRange(open.from, open.to);
      return;
    }
    const mentions = mode === "note" ? namedIn(text, draft.mentions ?? [], everybody(desk)).map(({ id }) => id) : [];
    const to = mode === "reply" ? addressee.conversation : head.id;
    desk.say(kind, to, sentText(text), { files: attachments.take(), mentions });
    // After it: whoever sees it end sees the words.
    typing.stop();
    change({ [mode]: "", ...(mode === "note" ? { mentions: [] } : {}) });
    box.current?.focus();
  };
  const toText = () => box.current?.focus();
  useDropped((files) => {
    // What can't go to the customer is for the colleagues.
    if (!writable) change({ mode: "note" });
    (writable ? attachments : desk.attachments(head.id, "note")).add(files);
  });
  const taken = justTaken.value === head.id;
  useEffect(() => {
    if (!taken || !right.may) return;
    justTaken.value = null;
    // On a phone the keyboard would cover what was just taken to be read.
    if (!phone.peek()) box.current?.focus();
  }, [taken, right.may]);
  useEffect(() => {
    handle.current = {
      write(chosen, more) {
        const begun = draft[chosen];
        change({ mode: chosen, ...(more === undefined ? {} : { [chosen]: begun === "" ? writtenText(more) : `${begun}\n${more}` }) });
        requestAnimationFrame(() => box.current?.focus());
      },
    };
  });

  const { offers, marked } = slash;
  return (
    <form
      class={`${styles.composer} ${mode === "note" ? styles.noteMode : ""}`}
      aria-label={mode === "note" ? "Internal note" : "Reply to the customer"}
      onPaste={(event) => {
        const files = pastedFiles(event);
        if (files.length === 0 || !writable) return;
        event.preventDefault();
        attachments.add(files);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div class={styles.modes} role="radiogroup" aria-label="To whom">
        <ModeChoice mode="reply" chosen={mode} onChoose={() => change({ mode: "reply" })} />
        <ModeChoice mode="note" chosen={mode} onChoose={() => change({ mode: "note" })} />
        <span class={styles.audience}>{mode === "note" ? "Only colleagues see this" : <Addressee {...addressee} />}</span>
      </div>
      {!right.may && mode === "reply" ? (
        <ClosedTo
          conversation={head.id}
          right={right}
          draft={draft.reply}
          onNote={() => {
            change({ mode: "note", reply: "", note: [draft.note, draft.reply].filter(Boolean).join("\n") });
            requestAnimationFrame(() => box.current?.focus());
          }}
          onDiscard={() => change({ reply: "" })}
        />
      ) : (
        <>
          <SlashList {...slash} />
          <span class={aids.marked}>
            {mode === "reply" && <MarkedSlots text={text} />}
            <textarea
              ref={box}
              id="composer"
              dir="auto"
              class={styles.text}
              aria-autocomplete="list"
              aria-controls={offers.length > 0 ? "slash" : undefined}
              aria-activedescendant={offers.length > 0 ? `slash-${marked}` : undefined}
              rows={2}
              aria-label={mode === "note" ? "Internal note, seen by colleagues only" : `Reply to ${addressee.name}`}
              placeholder={mode === "note" ? "Write a note for your colleagues" : "Write a reply"}
              value={text}
              onInput={(event) => {
                change({ [mode]: event.currentTarget.value });
                slash.follow();
                if (mode === "reply") typing.touch();
              }}
              onSelect={slash.follow}
              onBlur={() => {
                typing.stop();
                slash.leave();
              }}
              onScroll={({ currentTarget }) => {
                const behind = currentTarget.previousElementSibling;
                if (behind !== null) behind.scrollTop = currentTarget.scrollTop;
              }}
              onKeyDown={(event) => {
                if (slash.onKey(event)) return;
                if (text === "" && takesBack(event)) {
                  const last = desk.pending.peek().findLast(({ held, conversation }) => held && conversation === addressee.conversation);
                  const taken = last && desk.undo(last.clientId);
                  if (taken === undefined) return;
                  event.preventDefault();
                  change({ reply: writtenText(taken), mode: "reply" });
                  return;
                }
                if (event.key === "Escape") event.currentTarget.blur();
                if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
                event.preventDefault();
                if (text === "" && mode === "reply") desk.sendNow(addressee.conversation);
                send();
              }}
            />
          </span>
          {mode === "reply" && <OpenSlots text={text} box={box} />}
          <Tray attachments={attachments} toText={toText} />
          <div class={styles.bar}>
            <AttachButton attachments={attachments} toText={toText} />
            <span role="status" class={length > maxTextLength ? styles.over : undefined}>
              {lengthHint(length)}
            </span>
            <span class={styles.keys}>
              {mode === "note" && (
                <>
                  <Kbd>@</Kbd> mention
                </>
              )}
              <Kbd>/</Kbd> answers, actions <Kbd>Shift ↵</Kbd> new line
            </span>
            <span class={mode === "note" ? styles.noteButton : undefined}>
              <Button tone="primary" small type="submit" disabled={!sendable}>
                {mode === "note" ? "Add note" : "Send"} <Kbd>↵</Kbd>
              </Button>
            </span>
          </div>
        </>
      )}
    </form>
  );
}

function ModeChoice({ mode, chosen, onChoose }: { mode: Mode; chosen: Mode; onChoose: () => void }) {
  return (
    <label class={styles.mode} title={mode === "reply" ? "Reply (R)" : "Note (N)"}>
      <input type="radio" name="mode" checked={mode === chosen} onChange={onChoose} />
      {mode === "reply" ? <MessageSquare aria-hidden="true" /> : <Lock aria-hidden="true" />}
      {mode === "reply" ? "Reply" : "Note"}
    </label>
  );
}

function everybody({ account, agents, teams }: DeskState): Mentioned[] {
  const groups = (teams.value ?? []).map(({ id, name }) => ({ id: `team:${id}`, name }));
  return [...agents.value.filter(({ id }) => id !== account.id), ...groups];
}

/** Where nothing is written there is nothing else to undo. */
function takesBack({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "z" && (ctrlKey || metaKey) && !shiftKey && !altKey;
}

function lengthHint(length: number): string {
  if (length > maxTextLength) return `${maxTextLength.toLocaleString()} characters are the limit, yours has ${length.toLocaleString()}.`;
  if (length > maxTextLength * 0.9) return `${(maxTextLength - length).toLocaleString()} characters left`;
  return "";
}

function useTyping(conversation: string): { touch(): void; stop(): void } {
  const desk = useDesk();
  const toldAt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    if (toldAt.current > 0) desk.typing(conversation, false);
    toldAt.current = 0;
  };
  useEffect(() => stop, [conversation]);
  return {
    stop,
    touch() {
      clearTimeout(timer.current);
      timer.current = setTimeout(stop, typingEveryMs + 1000);
      if (Date.now() - toldAt.current < typingEveryMs) return;
      toldAt.current = Date.now();
      desk.typing(conversation, true);
    },
  };
}
