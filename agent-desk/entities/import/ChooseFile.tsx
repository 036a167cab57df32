import { FileUp } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sizeText } from "../../../src/client/fileLook.ts";
import { type ImportView, maxImportBytes } from "../../../src/protocol/imports.ts";
import { sentence } from "../../commands/run.ts";
import { Button } from "../../look/Button.tsx";
import { Wrong } from "../../look/Wrong.tsx";
import { importAddress } from "../dataRoute.ts";
import styles from "./Import.module.css";
import { listImports, uploadImport } from "./imports.ts";

interface ChooseLook {
  of: string;
  onImport: (view: ImportView) => void;
}

/** A file, chosen or dropped; below, those of before. */
export function ChooseFile({ of: key, onImport }: ChooseLook) {
  const [before, setBefore] = useState<readonly ImportView[]>([]);
  const [sending, setSending] = useState<{ name: string; part: number } | null>(null);
  const [isOver, setOver] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const stop = useRef<AbortController | null>(null);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    listImports(key).then(setBefore, () => {});
    return () => stop.current?.abort();
  }, [key]);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    setWrong(file.size > maxImportBytes ? `"${file.name}" is larger than ${maxImportBytes / 1024 / 1024} MB, the limit; split it.` : null);
    if (file.size > maxImportBytes) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    setSending({ name: file.name, part: 0 });
    try {
      onImport(await uploadImport(key, file, { signal, progress: (part) => setSending({ name: file.name, part }) }));
    } catch (error) {
      if (!signal.aborted) setWrong(sentence(error));
      setSending(null);
    }
  };
  return (
    <>
      <fieldset
        class={styles.drop}
        data-over={isOver}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void take(event.dataTransfer?.files[0]);
        }}
      >
        <legend class={styles.hidden}>A file to import</legend>
        <FileUp aria-hidden="true" />
        {sending === null ? (
          <>
            <p>Drop a CSV or XLSX here, or</p>
            <Button tone="primary" onClick={() => input.current?.click()}>
              Choose a file
            </Button>
            <p class={styles.quiet}>Nothing is written before you have seen how it is read.</p>
          </>
        ) : (
          <>
            <p role="status">
              {sending.part < 1 ? `Uploading ${sending.name}: ${Math.round(sending.part * 100)} %` : `Looking at ${sending.name} …`}
            </p>
            <Button
              onClick={() => {
                stop.current?.abort();
                setSending(null);
              }}
            >
              Cancel
            </Button>
          </>
        )}
        <input
          ref={input}
          type="file"
          hidden
          aria-label="A CSV or XLSX file"
          accept=".csv,.tsv,.txt,.xlsx,text/csv"
          onChange={(event) => {
            void take(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </fieldset>
      <Wrong>{wrong}</Wrong>
      {before.length > 0 && (
        <section aria-label="Imports of before">
          <h3>Yours of before</h3>
          <ul class={styles.before}>
            {before.map((one) => (
              <li key={one.id}>
                <a href={importAddress(key, one.id)}>{one.name}</a>
                <span>
                  {sizeText(one.size)}, {one.rows.toLocaleString()} rows
                </span>
                <span>{one.state}</span>
                <time dateTime={one.createdAt}>{new Date(one.createdAt).toLocaleString()}</time>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
