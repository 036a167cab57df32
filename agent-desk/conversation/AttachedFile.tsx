import { Download, FileText, X } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sizeText } from "../../src/client/fileLook.ts";
import { fitted } from "../../src/client/fitted.ts";
import { renewFile } from "../../src/client/upload.ts";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import { fileBlock } from "../../src/protocol/files.ts";
import { filesAddress } from "../live/filesAddress.ts";
import { Button } from "../look/Button.tsx";
import styles from "./Attachments.module.css";

/** A file of a message: a picture to look at, a sound or a film to play, or a card to save it by. */
export function AttachedFile({ file: given }: { file: FileBlock }) {
  const [file, setFile] = useState(given);
  const [state, setState] = useState<"fine" | "renewed" | "gone">("fine");
  const [larger, setLarger] = useState(false);
  useEffect(() => setFile(given), [given.url]);

  /** Addresses end after some hours, and a desk stays open for days. */
  const renew = async () => {
    const renewed = state === "fine" ? await renewFile(filesAddress, file.id) : undefined;
    if (renewed !== undefined) setFile(fileBlock(renewed));
    setState(renewed === undefined ? "gone" : "renewed");
  };

  const kind = file.mediaType.split("/")[0];
  if (state !== "gone" && file.previewUrl !== undefined) {
    const { width, height } = fitted(file, 360, 280);
    return (
      <>
        <button type="button" class={styles.picture} data-picture aria-label={`Show ${file.name} larger`} onClick={() => setLarger(true)}>
          <img src={file.previewUrl} width={width} height={height} alt="" loading="lazy" onError={renew} />
        </button>
        {larger && <Larger file={file} onClose={() => setLarger(false)} />}
      </>
    );
  }
  if (state !== "gone" && kind === "video")
    // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
    return <video class={styles.played} controls preload="metadata" src={file.url} aria-label={file.name} onError={renew} />;
  return (
    <>
      {state !== "gone" && kind === "audio" && (
        // biome-ignore lint/a11y/useMediaCaption: what people send has no captions
        <audio class={styles.played} controls preload="metadata" src={file.url} aria-label={file.name} onError={renew} />
      )}
      <a class={styles.card} href={file.url} target="_blank" rel="noopener" download={file.name}>
        <FileText aria-hidden="true" />
        <span>
          <b dir="auto" title={file.name}>
            {file.name}
          </b>
          {state === "gone" ? "It can't be shown at the moment." : sizeText(file.size)}
        </span>
        <Download aria-label="Download" />
      </a>
    </>
  );
}

/** Over the whole page, in the browser's own modal dialog: it keeps the focus and ends by Esc. */
function Larger({ file, onClose }: { file: FileBlock; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class={styles.larger}
      aria-label={file.name}
      onClose={onClose}
      onKeyDown={(event) => event.stopPropagation()}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <img src={file.url} alt={file.name} {...(file.width === undefined ? {} : { width: file.width, height: file.height })} />
      <div>
        <b dir="auto">{file.name}</b>
        <a href={file.url} target="_blank" rel="noopener" download={file.name} title="Download" aria-label="Download">
          <Download aria-hidden="true" />
        </a>
        <Button small tone="plain" label="Close" onClick={onClose}>
          <X aria-hidden="true" />
        </Button>
      </div>
    </dialog>
  );
}
