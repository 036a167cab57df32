import { useRef, useState } from "preact/hooks";
import { FileInput } from "../../commands/FileInput.tsx";
import { Chosen } from "./Chosen.tsx";
import styles from "./Fields.module.css";
import type { InputLook } from "./inputLook.ts";
import { learnNamed } from "./named.ts";
import { ShownFiles } from "./ShownFiles.tsx";

/** Files, each uploaded as soon as it is chosen; they are the entity's when it is saved. */
export function FilesInput({ id, field, value, isWrong, label, describedBy, onInput }: InputLook) {
  const files = Array.isArray(value) ? value : [];
  const [uploads, setUploads] = useState(0);
  const { most = 1, accepts = [] } = field;
  // An upload takes its time, in which the person writes on.
  const latest = useRef({ files, onInput });
  latest.current = { files, onInput };
  return (
    <fieldset class={styles.files} aria-label={label ?? field.name} aria-describedby={describedBy}>
      <ShownFiles files={files} />
      {files.length > 0 && (
        <Chosen
          items={files}
          onRemove={(file) => {
            const left = files.filter((one) => one !== file);
            onInput(left.length === 0 ? null : left);
          }}
        />
      )}
      {files.length < most && (
        <FileInput
          key={uploads}
          id={id}
          label={label ?? field.name}
          wrong={isWrong ? "" : null}
          accept={accepts.join(",")}
          onInput={() => {}}
          onUploaded={({ id: file, name, type, size, url, previewUrl }) => {
            learnNamed({ [file]: { title: name, type, size, url, ...(previewUrl === null ? {} : { previewUrl }) } });
            latest.current.onInput([...latest.current.files, file]);
            setUploads(uploads + 1);
          }}
        />
      )}
    </fieldset>
  );
}
