import { FileText, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Attachment, Attachments } from "../../src/client/attachments.ts";
import { drawPicture, sizeText } from "../../src/client/fileLook.ts";
import { language } from "../texts/texts.ts";
import { about, attachmentTexts, problemText, refusalText } from "./attachmentTexts.ts";

/** What will be sent with the next message, above the box. */
export function Tray({ attachments, toText }: { attachments: Attachments; toText(): void }) {
  const texts = attachmentTexts[language];
  const chosen = attachments.chosen.value;
  const problem = attachments.problem.value;
  return (
    <>
      {problem !== undefined && (
        <p class="small bad" role="alert">
          {problemText(texts, problem)}
        </p>
      )}
      {chosen.length > 0 && (
        <ul class="tray" aria-label={texts.chosen}>
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

function Chosen({ attachment: { file, state, progress, error }, remove }: { attachment: Attachment; remove(): void }) {
  const texts = attachmentTexts[language];
  const removing = about(texts.remove, file.name);
  return (
    <li class={state}>
      <Thumbnail file={file} />
      <span class="grow">
        <span class="cut" dir="auto" title={file.name}>
          {file.name}
        </span>
        <span class={`small ${error === undefined ? "muted cut" : "bad"}`} role={error === undefined ? undefined : "alert"}>
          {error !== undefined && refusalText(texts, error, language)}
          {state === "ready" && sizeText(file.size, language)}
          {state === "waiting" && texts.waiting}
          {state === "uploading" && `${texts.uploading} ${percent(progress)}`}
        </span>
        {state === "uploading" && <progress max={1} value={progress} aria-label={about(`${texts.uploading} #`, file.name)} />}
      </span>
      <button type="button" class="button plain" title={removing} aria-label={removing} onClick={remove}>
        <X size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </li>
  );
}

function percent(part: number): string {
  return new Intl.NumberFormat(language, { style: "percent" }).format(part);
}

function Thumbnail({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [drawn, setDrawn] = useState(true);
  useEffect(() => {
    if (canvas.current !== null) drawPicture(canvas.current, file).then(setDrawn);
  }, [file]);
  return drawn ? <canvas ref={canvas} /> : <FileText size={20} strokeWidth={1.5} aria-hidden />;
}
