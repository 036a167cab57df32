import { Download } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Answers.module.css";
import { type FileKind, takeFile } from "./takeFile.ts";

/** The whole answer of a run as a file: asked for once more, and saved when it is all there. */
export function FileOffers({ run, printed = false }: { run: string; printed?: boolean }) {
  const [taking, setTaking] = useState<{ as: FileKind; bytes: number } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const leaving = useRef<AbortController | null>(null);
  useEffect(() => () => leaving.current?.abort(), []);
  const take = async (as: FileKind) => {
    const left = new AbortController();
    leaving.current = left;
    setWrong(null);
    setTaking({ as, bytes: 0 });
    try {
      await takeFile(run, as, { onBytes: (bytes) => setTaking({ as, bytes }), signal: left.signal });
    } catch (error) {
      if (!left.signal.aborted) setWrong(sentence(error));
    }
    setTaking(null);
  };
  if (taking !== null)
    return (
      <div class={styles.files}>
        <span role="status">
          Reading the {taking.as.toUpperCase()} … {sizeInWords(taking.bytes)}
        </span>
        <Button small onClick={() => leaving.current?.abort()}>
          Cancel
        </Button>
      </div>
    );
  return (
    <>
      <div class={styles.files}>
        <span>All rows as</span>
        <Button small tip="For any program, in UTF-8" onClick={() => void take("csv")}>
          <Download aria-hidden="true" /> CSV
        </Button>
        <Button small tip="For Excel and its like; at most 1,048,575 rows" onClick={() => void take("xlsx")}>
          <Download aria-hidden="true" /> XLSX
        </Button>
        {printed && (
          <Button small tip="To be printed; at most 10,000 rows" onClick={() => void take("pdf")}>
            <Download aria-hidden="true" /> PDF
          </Button>
        )}
      </div>
      <Wrong>{wrong}</Wrong>
    </>
  );
}

function sizeInWords(bytes: number): string {
  const [size, unit] = bytes < 1_000_000 ? [bytes / 1000, "kilobyte"] : [bytes / 1_000_000, "megabyte"];
  return new Intl.NumberFormat(undefined, { style: "unit", unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}
