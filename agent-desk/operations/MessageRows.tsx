import { useEffect, useState } from "preact/hooks";
import type { CommandListing } from "../../src/protocol/commands.ts";
import { argumentLabel } from "../commands/argumentFields.ts";
import { listCommands } from "../commands/run.ts";
import { Wrong } from "../look/Wrong.tsx";
import { Choice, TextField } from "../settings/fields.tsx";
import { type Body, isRecord } from "./draft.ts";

interface RowsLook {
  rows: Body | null;
  onChange: (rows: Body | null) => void;
  faultAt: (path: string) => string | null;
}

/** Everybody whom a published query answers: which one, what it is given, and in which column they stand. */
export function MessageRows({ rows, onChange, faultAt }: RowsLook) {
  const [queries, setQueries] = useState<CommandListing[]>([]);
  useEffect(() => {
    listCommands().then(
      (found) => setQueries(found.filter(({ source, risk }) => source === "operation" && risk === "read")),
      () => {},
    );
  }, []);
  const query = textIn(rows?.["query"]);
  const args = isRecord(rows?.["args"]) ? rows["args"] : {};
  const names = queries.map(({ name }) => name);
  const asked = Object.keys(queries.find(({ name }) => name === query)?.args.properties ?? {});
  return (
    <>
      <Choice
        id="message-rows-query"
        label="And to whom a query answers"
        wrong={faultAt("query") ?? faultAt("")}
        value={query}
        none="Nobody else"
        options={(query === "" || names.includes(query) ? names : [...names, query]).map((name) => ({ value: name, label: name }))}
        onInput={(next) => onChange(next === "" ? null : { query: next, args: {}, column: textIn(rows?.["column"]) || "email" })}
      />
      {rows !== null && (
        <>
          <TextField
            id="message-rows-column"
            label="The column with their addresses"
            hint="The other columns are for the text: {{row.days}}."
            wrong={faultAt("column")}
            value={textIn(rows["column"])}
            onInput={(column) => onChange({ ...rows, column })}
          />
          {asked.map((name) => (
            <TextField
              key={name}
              id={`message-rows-${name}`}
              label={argumentLabel(name)}
              hint="A value, or a parameter in double braces."
              wrong={faultAt(`args.${name}`)}
              value={textIn(args[name])}
              onInput={(written) => {
                const { [name]: _, ...others } = args;
                onChange({ ...rows, args: written === "" ? others : { ...others, [name]: givenOf(written) } });
              }}
            />
          ))}
          <Wrong>{faultAt("args")}</Wrong>
        </>
      )}
    </>
  );
}

/** A number as such, since a query's parameter may be one. */
function givenOf(written: string): string | number {
  return /^-?\d{1,15}$/.test(written) ? Number(written) : written;
}

function textIn(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
