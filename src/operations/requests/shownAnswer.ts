import type { CommandMessage } from "../../protocol/commands.ts";
import type { AnswerMap } from "./answers/answerMap.ts";
import { type MappedAnswer, mapAnswer } from "./answers/mapAnswer.ts";
import type { AnswerBody } from "./request.ts";

interface ShownAnswer {
  message: CommandMessage;
  /** What later steps of a sequence read, and whoever runs it by HTTP. */
  data: object;
  /** Whether it could not be made what it was to become. */
  unmapped: boolean;
}

const rowsShown = 200;

/** An answer as people read it, and as data: a table as queries have it, fields by their names, or of a sentence what it was made of. */
export function shownAnswer(map: AnswerMap | undefined, body: AnswerBody): ShownAnswer {
  const mapped = mapAnswer(map, body);
  switch (mapped.kind) {
    case "sentence":
      return { message: { text: mapped.text }, data: { body: bodyOf(body) }, unmapped: false };
    case "unmapped":
      return { message: { text: mapped.message }, data: { body: bodyOf(body) }, unmapped: true };
    case "fields": {
      const fields = mapped.fields.map(({ name, value }) => ({ label: name, value: written(value) }));
      return {
        message: { text: fields.map(({ label, value }) => `${label}: ${value}`).join("\n"), blocks: [{ type: "fields", fields }] },
        data: { fields: Object.fromEntries(mapped.fields.map(({ name, value }) => [name, value])) },
        unmapped: false,
      };
    }
    case "table":
      return tableOf(mapped);
  }
}

function tableOf({ columns, rows, truncated }: Extract<MappedAnswer, { kind: "table" }>): ShownAnswer {
  const shown = rows.slice(0, rowsShown);
  const isCut = truncated || shown.length < rows.length;
  const text = isCut ? `Showing the first ${shown.length} of more.` : rows.length === 1 ? "1 row." : `${rows.length} rows.`;
  return {
    message:
      rows.length === 0
        ? { text: "There is nothing." }
        : { text, blocks: [{ type: "table", columns, rows: shown.map((row) => row.map(written)), truncated: isCut }] },
    data: { columns, rows, truncated },
    unmapped: false,
  };
}

function bodyOf(body: AnswerBody): unknown {
  return body.kind === "json" ? body.json : body.kind === "text" ? body.text : null;
}

function written(value: string | number | boolean | null): string {
  return value === null ? "" : String(value);
}
