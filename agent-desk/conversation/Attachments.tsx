import { FileText, Paperclip, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment, Attachments, Problem } from "../../src/client/attachments.ts";
import { takeDropped } from "../../src/client/broughtFiles.ts";
import { drawPicture, sizeText } from "../../src/client/fileLook.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Attachments.module.css";

interface TrayLook {
  attachments: Attachments;
  /** Brings the cursor back to where one writes. */
  toText: () => void;
}

/** Chooses files for what is written. */
export function AttachButton({ attachments, toText }: TrayLook) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button small tone="plain" label="Attach files" tip="Attach files, or paste or drop them" onClick={() => input.current?.click()}>
        <Paperclip aria-hidden="true" />
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        onChange={({ currentTarget }) => {
          attachments.add([...(currentTarget.files ?? [])]);
          currentTarget.value = "";
          toText();
        }}
      />
    </>
  );
}

/** Files that are dropped anywhere on the conversation are for what is written there. */
export function useDropped(take: (files: File[]) => void): void {
  const newest = useRef(take);
  newest.current = take;
  useEffect(() => {
    const pane = document.querySelector<HTMLElement>("[data-part='conversation']");
    return pane === null ? undefined : takeDropped(pane, (files) => newest.current(files));
  }, []);
}

export function hasRefused({ chosen }: Attachments): boolean {
  return chosen.value.some(({ state }) => state === "refused");
}

/** What goes with the reply or the note, before it is sent. */
export function Tray({ attachments, toText }: TrayLook) {
  const chosen = attachments.chosen.value;
  const problem = attachments.problem.value;
  return (
    <>
      {problem !== undefined && (
        <div class={styles.problem}>
          <Wrong>{problemText(problem)}</Wrong>
        </div>
      )}
      {chosen.length > 0 && (
        <ul class={styles.tray} aria-label="Files to send">
          {chosen.map((attachment) => (
            <Chosen
              key={attachment.key}
              attachment={attachment}
              remove={() => {
                attachments.remove(attachment.key);
                toText();
              }}
            />
          ))}
        </ul>
      )}
    </>
  );
}

function Chosen({ attachment: { file, state, progress, error }, remove }: { attachment: Attachment; remove: () => void }) {
  return (
    <li class={state === "refused" ? styles.refused : undefined}>
      <Thumbnail file={file} />
      <div>
        <b dir="auto" title={file.name}>
          {file.name}
        </b>
        {state === "refused" ? (
          <span class={styles.bad} role="alert">
            {error?.message}
          </span>
        ) : (
          <span>{stateText(state, progress, file.size)}</span>
        )}
        {state === "uploading" && <progress max={1} value={progress} aria-label={`Uploading ${file.name}`} />}
      </div>
      <Button small tone="plain" label={`Remove ${file.name}`} onClick={remove}>
        <X aria-hidden="true" />
      </Button>
    </li>
  );
}

function stateText(state: "uploading" | "waiting" | "ready", progress: number, size: number): string {
  if (state === "waiting") return "waiting for the network";
  return state === "ready" ? sizeText(size) : `uploading ${Math.round(progress * 100)} %`;
}

function problemText(problem: Problem): string {
  if (problem.kind === "tooMany") return "10 files at once are the limit; send the others with the next message.";
  return problem.kind === "empty" ? `${problem.name} is empty.` : `${problem.name} is larger than 20 MB, the limit.`;
}

function Thumbnail({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(true);
  useEffect(() => {
    if (canvas.current !== null) drawPicture(canvas.current, file).then(setDrawn);
  }, [file]);
  return drawn ? <canvas ref={canvas} /> : <FileText aria-hidden="true" />;
}
