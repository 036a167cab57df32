import { Download, FileText, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sizeText } from "../../src/client/fileLook.ts";
import { fitted } from "../../src/client/fitted.ts";
import { type FilesAddress, renewFile } from "../../src/client/upload.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import { fileBlock } from "../../src/protocol/files.ts";
import { language } from "../texts/texts.ts";
import { about, attachmentTexts } from "./attachmentTexts.ts";

/** A file of a message: a picture to look at, a sound or a film to play, or a card to save it by. */
export function FileCard({ file: given, files }: { file: FileBlock; files: FilesAddress }) {
  const texts = attachmentTexts[language];
  const [file, setFile] = useState(given);
  const [state, setState] = useState<"fine" | "renewed" | "gone">("fine");
  const [larger, setLarger] = useState(false);

  /** Addresses end after some hours, on a page that stays open too. */
  async function renew(): Promise<void> {
    const renewed = state === "fine" ? await renewFile(files, file.id) : undefined;
    if (renewed !== undefined) setFile(fileBlock(renewed));
    setState(renewed === undefined ? "gone" : "renewed");
  }

  const kind = file.mediaType.split("/")[0];
  if (state !== "gone" && file.previewUrl !== undefined) {
    const { width, height } = fitted(file, 240, 220);
    const opening = about(texts.open, file.name);
    return (
      <>
        <button type="button" class="picture" title={opening} aria-label={opening} onClick={() => setLarger(true)}>
          <img src={file.previewUrl} width={width} height={height} alt="" loading="lazy" onError={renew} />
        </button>
        {larger && <Larger file={file} close={() => setLarger(false)} />}
      </>
    );
  }
  if (state !== "gone" && kind === "video")
    // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
    return <video class="played" controls preload="metadata" src={file.url} aria-label={file.name} onError={renew} />;
  return (
    <>
      {state !== "gone" && kind === "audio" && (
        // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
        <audio class="played" controls preload="metadata" src={file.url} aria-label={file.name} onError={renew} />
      )}
      <a class="file" href={file.url} target="_blank" rel="noopener" download={file.name}>
        <FileText size={20} strokeWidth={1.5} aria-hidden />
        <span class="grow">
          <span class="cut" dir="auto" title={file.name}>
            {file.name}
          </span>
          <span class="small muted cut">{state === "gone" ? texts.gone : sizeText(file.size, language)}</span>
        </span>
        <Download size={16} strokeWidth={1.75} aria-label={texts.download} />
      </a>
    </>
  );
}

/** Over the whole page, in the browser's own modal dialog: it keeps the focus and ends by Esc. */
function Larger({ file, close }: { file: FileBlock; close(): void }) {
  const texts = attachmentTexts[language];
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="larger"
      aria-label={file.name}
      onClose={close}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === event.currentTarget && close()}
    >
      <img src={file.url} alt={file.name} {...(file.width === undefined ? {} : { width: file.width, height: file.height })} />
      <div>
        <span class="cut grow" dir="auto">
          {file.name}
        </span>
        <a
          class="button"
          href={file.url}
          target="_blank"
          rel="noopener"
          download={file.name}
          title={texts.download}
          aria-label={texts.download}
        >
          <Download size={18} strokeWidth={1.75} aria-hidden />
        </a>
        <button type="button" class="button" title={texts.close} aria-label={texts.close} onClick={close}>
          <X size={18} strokeWidth={1.75} aria-hidden />
        </button>
      </div>
    </dialog>
  );
}
