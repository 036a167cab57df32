import { useEffect, useState } from "preact/hooks";
import { type Field, fieldWords } from "../../../src/protocol/blueprints.ts";
import type { ImportAction, ImportPreview, ImportView } from "../../../src/protocol/imports.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { sentence } from "../../commands/run.ts";
import { Chip } from "../../look/Chip.tsx";
import { Scrolled } from "../../look/Scrolled.tsx";
import styles from "./Import.module.css";
import { previewImport } from "./imports.ts";
import { countsInWords } from "./importWords.ts";

/** So long the settings rest before it is looked anew. */
const restMs = 300;

const actions: Readonly<Record<ImportAction, string>> = {
  create: "new",
  update: "changed",
  restore: "restored",
  same: "as it is",
  skip: "skipped",
  fail: "not taken",
};

/** What would become of the first rows. */
export function PreviewTable({ view, fields }: { view: ImportView; fields: readonly Field[] }) {
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const settled = JSON.stringify([view.settings, view.reading]);
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(() => {
      previewImport(view).then(
        (found) => {
          if (isOver) return;
          setPreview(found);
          setWrong(null);
        },
        (error: unknown) => isOver || setWrong(sentence(error)),
      );
    }, restMs);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [view.id, settled]);
  const mapped = new Set(view.settings.columns.map(({ field }) => field));
  const shown = fields.filter(({ key }) => mapped.has(key));
  if (wrong !== null) return <p class={styles.quiet}>{wrong}</p>;
  if (preview === null) return <p class={styles.quiet}>Looking at the first rows …</p>;
  return (
    <section aria-label="The first rows">
      <h3>
        The first rows{" "}
        <span class={styles.quiet}>
          of {preview.lookedAt.toLocaleString()}: {countsInWords(preview.counts)}
        </span>
      </h3>
      <Scrolled label="Preview" class={styles.scrolled}>
        <table class={styles.preview}>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Becomes</th>
              {shown.map(({ key, name }) => (
                <th key={key} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.rows.map(({ row, action, values, errors }) => (
              <tr key={row}>
                <td>{row}</td>
                <td>
                  <Chip {...(action === "fail" ? { tone: "bad" as const } : {})}>{actions[action]}</Chip>
                </td>
                {errors.length > 0 ? (
                  <td colSpan={Math.max(1, shown.length)} class={styles.errors}>
                    {errors
                      .map(
                        ({ column, value, reason }) =>
                          `${column === null ? "" : `${column}: `}${value === "" ? "" : `“${value}” `}${reason}`,
                      )
                      .join(" ")}
                  </td>
                ) : (
                  shown.map(({ key }) => <td key={key}>{fieldWords(ownValue(values, key)) ?? ""}</td>)
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </section>
  );
}
