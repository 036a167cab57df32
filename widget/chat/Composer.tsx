import { useSignal } from "@preact/signals";
import { Plus, SendHorizontal, Smile } from "lucide-preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { pastedFiles } from "../../src/client/broughtFiles.ts";
import { maxTextLength } from "../../src/protocol/visitor.ts";
import { texts } from "../texts/texts.ts";
import { attaching, fetchAttaching } from "./attaching.ts";
import { fetchMore } from "./fetchMore.ts";
import type { Talk } from "./talk.ts";

const countsFrom = maxTextLength - 200;

/** The box. What was typed stays in it until it can be sent, over reloads. */
export function Composer({ talk }: { talk: Talk }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const text = talk.draft;
  const refusal = useSignal("");
  const choosing = useSignal(false);
  const length = text.value.length > countsFrom ? [...text.value].length : text.value.length;

  useLayoutEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [text.value]);

  // Whatever was said in another way: an old complaint is about nothing that is there.
  useEffect(() => {
    refusal.value = "";
  }, [talk.pending.value]);

  function change(next: string): void {
    refusal.value = "";
    talk.setDraft(next);
  }

  function send(): void {
    const count = [...text.value].length;
    const files = attaching.value;
    const blank = !/[^\s\p{Default_Ignorable_Code_Point}]/u.test(text.value);
    const obstacle = files ? files.obstacle(blank) : blank && texts.nothingToSend;
    if (obstacle) refusal.value = obstacle;
    else if (count > maxTextLength) refusal.value = texts.tooLong(maxTextLength, count);
    else {
      (files ?? talk).say(blank ? "" : text.value);
      change("");
    }
    box.current?.focus();
  }

  function attach(files: File[]): void {
    refusal.value = "";
    fetchAttaching().then(
      () => attaching.value?.add(files),
      () => {
        refusal.value = texts.partNotLoaded;
      },
    );
  }

  function onPaste(event: ClipboardEvent): void {
    const files = pastedFiles(event);
    if (!files[0]) return;
    event.preventDefault();
    attach(files);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  const { Tray } = attaching.value ?? {};
  const more = choosing.value ? fetchMore() : undefined;
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {refusal.value !== "" && (
        <p id="refusal" class="small bad" role="alert">
          {refusal.value}
        </p>
      )}
      {Tray && <Tray />}
      {more && more !== "failed" && (
        <more.Emoji
          box={box}
          change={change}
          close={() => {
            choosing.value = false;
            box.current?.focus();
          }}
        />
      )}
      <div class={`box ${refusal.value === "" ? "" : "refused"}`}>
        <label class="button plain round" title={texts.attach}>
          <Plus size={18} strokeWidth={1.75} aria-hidden />
          <input
            type="file"
            class="unseen"
            multiple
            aria-label={texts.attach}
            onChange={({ currentTarget }) => {
              attach([...(currentTarget.files ?? [])]);
              currentTarget.value = "";
            }}
          />
        </label>
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          value={text.value}
          placeholder={texts.compose}
          aria-label={texts.compose}
          aria-invalid={refusal.value !== ""}
          aria-describedby={refusal.value === "" ? undefined : "refusal"}
          enterkeyhint="send"
          onInput={(event) => change(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {length > countsFrom && (
          <span class={`small ${length > maxTextLength ? "bad" : "muted"}`}>{texts.left(maxTextLength - length)}</span>
        )}
        <button
          type="button"
          class="button plain round"
          title={texts.emoji}
          aria-label={texts.emoji}
          aria-expanded={choosing.value}
          onClick={() => {
            choosing.value = !choosing.value;
          }}
        >
          <Smile size={18} strokeWidth={1.75} aria-hidden />
        </button>
        <button type="submit" class="button primary round" title={texts.send} aria-label={texts.send}>
          <SendHorizontal size={18} strokeWidth={1.75} aria-hidden />
        </button>
      </div>
    </form>
  );
}
