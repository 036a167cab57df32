import { useEffect, useRef, useState } from "preact/hooks";
import { newClientId } from "../../src/client/clientId.ts";
import { sizeText } from "../../src/client/fileLook.ts";
import { UploadRefused, uploadFile } from "../../src/client/upload.ts";
import { maxFileBytes, type UploadedFile } from "../../src/protocol/files.ts";
import { filesAddress } from "../live/filesAddress.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";

interface FileLook {
  id: string;
  /** Its name, where no label stands beside it. */
  label?: string;
  wrong: string | null;
  /** Which files a person is offered to choose: media types with commas. */
  accept?: string;
  /** The id of what was uploaded, or nothing. */
  onInput: (value: string) => void;
  onUploaded?: (file: UploadedFile) => void;
}

/** A file for an argument. It is uploaded as soon as it is chosen or dropped here; the command gets it when it runs. */
export function FileInput({ id, label, wrong, accept = "", onInput, onUploaded }: FileLook) {
  const [told, setTold] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const choose = async (file: File | undefined) => {
    stop.current?.abort();
    onInput("");
    setTold("");
    setRefused(file === undefined ? null : whyNot(file));
    if (file === undefined || whyNot(file) !== null) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    const progress = (part: number) => setTold(`Uploading ${file.name}: ${Math.round(part * 100)} %`);
    progress(0);
    try {
      const uploaded = await uploadFile(filesAddress, file, { key: newClientId(), progress, signal });
      if (signal.aborted) return;
      setTold(`${uploaded.name}, ${sizeText(uploaded.size)}, is ready.`);
      onInput(uploaded.id);
      onUploaded?.(uploaded);
    } catch (error) {
      if (signal.aborted) return;
      setTold("");
      setRefused((error instanceof UploadRefused && error.body.message) || "It didn't get through; choose it once more.");
    }
  };

  return (
    <>
      <input
        id={id}
        class={parts.field}
        type="file"
        aria-label={label}
        {...(accept === "" ? {} : { accept })}
        aria-invalid={wrong !== null || refused !== null}
        aria-describedby={`${id}-wrong`}
        onChange={(event) => void choose(event.currentTarget.files?.[0])}
      />
      <p class={parts.hint} role="status">
        {told}
      </p>
      <Wrong>{refused}</Wrong>
    </>
  );
}

function whyNot({ name, size }: File): string | null {
  if (size === 0) return `"${name}" is empty.`;
  return size > maxFileBytes ? `"${name}" is larger than ${maxFileBytes / 1024 / 1024} MB, the limit.` : null;
}
