import { FileText } from "lucide-preact";
import { sizeText } from "../../../src/client/fileLook.ts";
import styles from "./Fields.module.css";
import { namedOf } from "./named.ts";

/** Files as they are looked at: a picture small, each with its address. */
export function ShownFiles({ files }: { files: readonly string[] }) {
  return (
    <div class={styles.shownFiles}>
      {files.map((id) => {
        const file = namedOf(id);
        if (file?.url === undefined) return null;
        const { title, url, previewUrl, size = 0 } = file;
        return (
          <a key={id} href={url} target="_blank" rel="noopener" title={`${title}, ${sizeText(size)}`}>
            {previewUrl === undefined ? <FileText aria-hidden="true" /> : <img src={previewUrl} alt="" loading="lazy" />}
            <span dir="auto">{title}</span>
          </a>
        );
      })}
    </div>
  );
}
