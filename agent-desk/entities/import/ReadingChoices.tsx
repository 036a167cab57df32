import { type ImportView, importDelimiters, importEncodings } from "../../../src/protocol/imports.ts";
import parts from "../../look/parts.module.css";
import styles from "./Import.module.css";

interface ReadingLook {
  view: ImportView;
  onReading: (said: Partial<Omit<ImportView["reading"], "kind">>) => void;
}

const delimiterNames = { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Bar" } as const;
const encodingNames = { "utf-8": "UTF-8", "utf-16le": "UTF-16", "utf-16be": "UTF-16, big end first", "windows-1252": "Latin-1" } as const;

/** How the file is read, where that was guessed wrongly. */
export function ReadingChoices({ view: { reading, sheets }, onReading }: ReadingLook) {
  return (
    <fieldset class={styles.choices}>
      <legend>How the file is read</legend>
      {reading.kind === "csv" && (
        <>
          <label>
            Between cells
            <select
              class={parts.field}
              value={reading.delimiter}
              onChange={({ currentTarget: { value } }) => {
                const delimiter = importDelimiters.find((one) => one === value);
                if (delimiter !== undefined) onReading({ delimiter });
              }}
            >
              {importDelimiters.map((one) => (
                <option key={one} value={one}>
                  {delimiterNames[one]}
                </option>
              ))}
            </select>
          </label>
          <label>
            Letters
            <select
              class={parts.field}
              value={reading.encoding}
              onChange={({ currentTarget: { value } }) => {
                const encoding = importEncodings.find((one) => one === value);
                if (encoding !== undefined) onReading({ encoding });
              }}
            >
              {importEncodings.map((one) => (
                <option key={one} value={one}>
                  {encodingNames[one]}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      {sheets.length > 1 && (
        <label>
          Sheet
          <select
            class={parts.field}
            value={String(reading.sheet)}
            onChange={(event) => onReading({ sheet: Number(event.currentTarget.value) })}
          >
            {sheets.map((name, index) => (
              <option key={name} value={String(index)}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <label class={parts.ticked}>
        <input type="checkbox" checked={reading.header} onChange={(event) => onReading({ header: event.currentTarget.checked })} />
        The first row names the columns
      </label>
    </fieldset>
  );
}
