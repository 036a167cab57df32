import { useState } from "preact/hooks";
import type { OperationView, Parameter } from "../../src/protocol/operations.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import parts from "../look/parts.module.css";
import { TextField } from "../settings/fields.tsx";
import { argsOf, type Draft } from "./draft.ts";
import { asName } from "./operationName.ts";
import { operationAddress } from "./operationsRoute.ts";
import { typed } from "./parameterWords.ts";
import { ValueField } from "./ValueField.tsx";

interface PresetLook {
  stored: OperationView;
  /** As it is written now. */
  draft: Draft;
  values: Readonly<Record<string, string>>;
  onClose: () => void;
  onDone: () => void;
}

/** Saves it once more under another name, with some of its values given for good. */
export function PresetDialog({ stored, draft, values: tried, onClose, onDone }: PresetLook) {
  const [name, setName] = useState("");
  const [summary, setSummary] = useState(draft.summary);
  const askable = draft.parameters.filter(({ list, fixed }) => list !== true && fixed !== true);
  const [values, setValues] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(askable.map(({ name: asked }) => [asked, tried[asked] ?? ""])),
  );
  const parameters = draft.parameters.map((parameter) => preset(parameter, ownValue(values, parameter.name) ?? ""));
  return (
    <CommandDialog
      title={`Save ${stored.name} again, with values`}
      command="operation.create"
      args={() => ({ name: name.replace(/-$/, ""), kind: draft.kind, ...argsOf({ ...draft, parameters, summary }) })}
      label="Save"
      onClose={onClose}
      onDone={() => {
        onDone();
        location.hash = operationAddress(name.replace(/-$/, ""));
      }}
    >
      {(wrongOf) => (
        <>
          <p class={parts.hint}>
            Another command that does the same, and doesn't ask for what you give here. It is an operation of its own: later changes of{" "}
            {stored.name} don't reach it.
          </p>
          <TextField
            id="preset-name"
            label="Name"
            placeholder={`${stored.name}-north`}
            maxLength={60}
            wrong={wrongOf("name")}
            value={name}
            onInput={(written) => setName(asName(written))}
          />
          <TextField
            id="preset-summary"
            label="What it does, in a sentence"
            maxLength={300}
            wrong={wrongOf("summary")}
            value={summary}
            onInput={setSummary}
          />
          {askable.length === 0 && <p>It asks for nothing that could be given for good.</p>}
          {askable.map((parameter) => (
            <ValueField
              key={parameter.name}
              id={`preset-${parameter.name}`}
              parameter={parameter}
              none="Goes on being asked for"
              wrong={wrongOf(`parameters.${draft.parameters.indexOf(parameter)}`)}
              value={ownValue(values, parameter.name) ?? ""}
              onInput={(value) => setValues({ ...values, [parameter.name]: value })}
            />
          ))}
        </>
      )}
    </CommandDialog>
  );
}

/** Nobody is asked for it any more. */
function preset(parameter: Parameter, written: string): Parameter {
  return written === "" ? parameter : { ...parameter, required: false, fixed: true, default: typed(parameter.type, written) };
}
