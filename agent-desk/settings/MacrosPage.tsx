import { ArrowDown, ArrowUp, Plus, Workflow, X } from "lucide-preact";
import { useState } from "preact/hooks";
import { type MacroAction, type MacroItem, type MacroStep, macroSteps } from "../../src/protocol/aids.ts";
import type { Aids } from "../aids/aids.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { ForWhom, forOf, isMine, NameField, ownerLabel } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import styles from "./Settings.module.css";

type Doing = { do: "edit"; item: MacroItem | null } | { do: "delete"; item: MacroItem } | null;
const steps: MacroStep[] = ["answer", "note", "tag", "untag", "priority", "transfer", "snooze", "hand-back", "close"];

export function MacrosPage({ mayShare, may }: { mayShare: boolean; may: (command: string) => boolean }) {
  const { aids, account } = useDesk();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Listed
        about="Several steps done to a conversation by one name. In the composer, / and the name runs one; it stops at the first step that is refused."
        group="macro"
        add={{ label: "New macro", onClick: () => setDoing({ do: "edit", item: null }) }}
        known={aids.known.value}
        icon={<Workflow strokeWidth={1.5} />}
        empty="No macros yet"
        rows={aids.macros.value.map((item) => ({
          id: item.id,
          name: item.name,
          detail: item.actions.map((action) => inWords(action, aids)).join(" → "),
          chips: [ownerLabel(item.owner)],
          ...(isMine(item.owner, account.id, mayShare)
            ? { onEdit: () => setDoing({ do: "edit", item }), onDelete: () => setDoing({ do: "delete", item }) }
            : {}),
        }))}
      />
      {doing?.do === "edit" && (
        <MacroForm item={doing.item} mayShare={mayShare} possible={steps.filter((step) => may(macroSteps[step].command))} onClose={close} />
      )}
      {doing?.do === "delete" && (
        <DeleteDialog group="macro" noun="macro" id={doing.item.id} name={doing.item.name} onClose={close}>
          Nobody finds it any more. What it did stays done.
        </DeleteDialog>
      )}
    </>
  );
}

type Row = MacroAction & { key: number };

interface MacroFormLook {
  item: MacroItem | null;
  mayShare: boolean;
  possible: MacroStep[];
  onClose: () => void;
}

function MacroForm({ item, mayShare, possible, onClose }: MacroFormLook) {
  const [name, setName] = useState(item?.name ?? "");
  const [whom, setWhom] = useState(item === null ? (mayShare ? "everyone" : "me") : forOf(item.owner));
  const [rows, setRows] = useState<Row[]>(() =>
    (item?.actions ?? [{ do: possible[0] ?? "tag" }]).map((action, key) => ({ key, ...action })),
  );
  const move = (from: number, to: number) => {
    const next = [...rows];
    const [row] = next.splice(from, 1);
    if (row !== undefined) next.splice(to, 0, row);
    setRows(next);
  };
  return (
    <CommandDialog
      title={item === null ? "New macro" : "Change the macro"}
      command={item === null ? "macro.create" : "macro.update"}
      args={() => ({
        ...(item === null ? {} : { macro: item.id, version: item.version }),
        name,
        for: whom,
        actions: rows.map(({ do: step, value }) =>
          value === undefined || macroSteps[step].argument === null ? { do: step } : { do: step, value },
        ),
      })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          <ForWhom value={whom} mayShare={mayShare} wrong={wrongOf("for")} onChange={setWhom} />
          <fieldset class={styles.version}>
            <legend>Steps, in their order</legend>
            <ol class={styles.steps}>
              {rows.map((row, index) => (
                <li key={row.key}>
                  <select
                    class={parts.field}
                    aria-label={`Step ${index + 1}`}
                    value={row.do}
                    onChange={(event) => {
                      const step = possible.find((each) => each === event.currentTarget.value);
                      if (step !== undefined) setRows(rows.map((each) => (each.key === row.key ? { key: row.key, do: step } : each)));
                    }}
                  >
                    {possible.map((step) => (
                      <option key={step} value={step}>
                        {macroSteps[step].label}
                      </option>
                    ))}
                  </select>
                  <span class={styles.stepTools}>
                    <Button
                      tone="plain"
                      small
                      label={`Step ${index + 1} earlier`}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      <ArrowUp />
                    </Button>
                    <Button
                      tone="plain"
                      small
                      label={`Step ${index + 1} later`}
                      disabled={index === rows.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      <ArrowDown />
                    </Button>
                    <Button
                      tone="plain"
                      small
                      label={`Remove step ${index + 1}`}
                      onClick={() => setRows(rows.filter(({ key }) => key !== row.key))}
                    >
                      <X />
                    </Button>
                  </span>
                  <StepValue
                    action={row}
                    label={`Value of step ${index + 1}`}
                    onChange={(value) => setRows(rows.map((each) => (each.key === row.key ? { ...each, value } : each)))}
                  />
                  <Wrong>{wrongOf(`actions.${index}`)}</Wrong>
                </li>
              ))}
            </ol>
            <Wrong>{rows.length === 0 ? wrongOf("actions") : null}</Wrong>
            <Button
              small
              tone="plain"
              onClick={() => setRows([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, do: possible[0] ?? "tag" }])}
            >
              <Plus aria-hidden="true" /> Another step
            </Button>
          </fieldset>
        </>
      )}
    </CommandDialog>
  );
}

/** What a step needs, chosen from what there is. */
function StepValue({ action, label, onChange }: { action: MacroAction; label: string; onChange: (value: string) => void }) {
  const { aids, colleagues, account } = useDesk();
  const value = action.value ?? "";
  if (macroSteps[action.do].argument === null) return null;
  if (action.do === "note") {
    return (
      <textarea
        class={parts.field}
        rows={2}
        dir="auto"
        aria-label={label}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (action.do === "snooze") {
    return (
      <input
        class={parts.field}
        aria-label={label}
        placeholder="tomorrow 9:00, in 2 hours"
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  const choices: { value: string; label: string }[] =
    action.do === "answer"
      ? aids.canned.value.map(({ id, name }) => ({ value: id, label: name }))
      : action.do === "priority"
        ? ["urgent", "high", "normal", "low"].map((name) => ({ value: name, label: name }))
        : action.do === "transfer"
          ? [
              { value: "queue", label: "The queue" },
              ...[account, ...colleagues.value].map(({ email, name }) => ({ value: email, label: name })),
            ]
          : aids.tags.value.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <select class={parts.field} aria-label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
      <option value="">Choose…</option>
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

function inWords({ do: step, value }: MacroAction, aids: Aids): string {
  const named = [...aids.tags.value, ...aids.canned.value].find(({ id }) => id === value)?.name ?? value;
  return named === undefined ? macroSteps[step].label : `${macroSteps[step].label}: ${named}`;
}
