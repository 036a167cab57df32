import { SlidersHorizontal } from "lucide-preact";
import { useState } from "preact/hooks";
import type { FieldItem, FieldSubject, FieldType } from "../../src/protocol/aids.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { Choice, keyFrom, NameField, TextField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";

type Doing = { do: "edit"; field: FieldItem | null } | { do: "delete"; field: FieldItem } | null;

const types: { type: FieldType; label: string }[] = [
  { type: "text", label: "Text" },
  { type: "number", label: "Number" },
  { type: "date", label: "Date" },
  { type: "choice", label: "Choice" },
  { type: "boolean", label: "Yes or no" },
];

export function FieldsPage({ mayChange }: { mayChange: boolean }) {
  const { aids } = useDesk();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Listed
        about="What you want to know of every person or every conversation besides what is there. They stand beside the conversation."
        group="field"
        add={mayChange ? { label: "New field", onClick: () => setDoing({ do: "edit", field: null }) } : null}
        known={aids.known.value}
        icon={<SlidersHorizontal strokeWidth={1.5} />}
        empty="No fields of your own yet"
        rows={aids.fields.value.map((field) => ({
          id: field.id,
          name: field.name,
          detail: field.type === "choice" ? field.choices.join(", ") : (types.find(({ type }) => type === field.type)?.label ?? ""),
          chips: [field.key, field.subject],
          ...(mayChange ? { onEdit: () => setDoing({ do: "edit", field }), onDelete: () => setDoing({ do: "delete", field }) } : {}),
        }))}
      />
      {doing?.do === "edit" && <FieldForm field={doing.field} onClose={close} />}
      {doing?.do === "delete" && (
        <CommandDialog
          title={`Delete the field “${doing.field.name}”?`}
          command="field.delete"
          args={() => ({ of: doing.field.subject, key: doing.field.key })}
          label="Delete"
          danger
          onClose={close}
        >
          {() => <p>Its values are shown nowhere any more. A new field with the key {doing.field.key} shows them again.</p>}
        </CommandDialog>
      )}
    </>
  );
}

function FieldForm({ field, onClose }: { field: FieldItem | null; onClose: () => void }) {
  const [name, setName] = useState(field?.name ?? "");
  const [key, setKey] = useState(field?.key ?? "");
  const [of, setOf] = useState<FieldSubject>(field?.subject ?? "contact");
  const [type, setType] = useState<FieldType>(field?.type ?? "text");
  const [choices, setChoices] = useState(field?.choices.join("\n") ?? "");
  const chosen = choices
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  const called = field === null && key === "" ? keyFrom(name) : key;
  return (
    <CommandDialog
      title={field === null ? "New field" : "Change the field"}
      command={field === null ? "field.create" : "field.update"}
      args={() => ({ of, key: called, name, ...(field === null ? { type } : {}), ...(type === "choice" ? { choices: chosen } : {}) })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          {field === null && (
            <>
              <Choice
                id="field-of"
                label="Of every"
                wrong={wrongOf("of")}
                value={of}
                options={[
                  { value: "contact", label: "Person" },
                  { value: "conversation", label: "Conversation" },
                ]}
                onInput={(value) => setOf(value === "contact" ? "contact" : "conversation")}
              />
              <TextField
                id="field-key"
                label="Key"
                hint="For programs and commands; it stays."
                wrong={wrongOf("key")}
                placeholder={keyFrom(name)}
                value={key}
                onInput={setKey}
              />
              <Choice
                id="field-type"
                label="Holds"
                wrong={wrongOf("type")}
                value={type}
                options={types.map((each) => ({ value: each.type, label: each.label }))}
                onInput={(value) => setType(types.find((each) => each.type === value)?.type ?? "text")}
              />
            </>
          )}
          {type === "choice" && (
            <TextField
              id="field-choices"
              label="Choices, one a line"
              wrong={wrongOf("choices")}
              value={choices}
              many
              onInput={setChoices}
            />
          )}
        </>
      )}
    </CommandDialog>
  );
}
