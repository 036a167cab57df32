import { useState } from "preact/hooks";
import type { ViewFilter, ViewItem } from "../../src/protocol/aids.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { fits } from "../inbox/viewFilter.ts";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { Choice, ForWhom, forOf, NameField, TextField } from "./fields.tsx";
import styles from "./Settings.module.css";
import { useTeamOptions } from "./useTeamOptions.ts";

/** A view's name and filter, with how many conversations fit it now. */
export function ViewForm({ item, mayShare, onClose }: { item: ViewItem | null; mayShare: boolean; onClose: () => void }) {
  const { aids, account, colleagues, conversations } = useDesk();
  const [name, setName] = useState(item?.name ?? "");
  const [whom, setWhom] = useState(item === null ? "me" : forOf(item.owner));
  const [filter, setFilter] = useState<ViewFilter>(item?.filter ?? {});
  const teams = useTeamOptions(filter.team?.[0] ?? "");
  conversations.revision.value;
  const all = [...conversations.all()];
  const count = all.filter((each) => fits(filter, each, account.id, now.value)).length;

  /** Nothing chosen says nothing: the field is left out. */
  const set = <Key extends keyof ViewFilter>(key: Key, value: ViewFilter[Key] | undefined) => {
    const { [key]: _, ...rest } = filter;
    setFilter(value === undefined ? rest : { ...rest, [key]: value });
  };
  const one = (value: string): [string] | undefined => (value === "" ? undefined : [value]);

  return (
    <CommandDialog
      title={item === null ? "New view" : "Change the view"}
      command={item === null ? "view.create" : "view.update"}
      args={() => ({ ...(item === null ? {} : { view: item.id, version: item.version }), name, for: whom, filter })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          <ForWhom value={whom} mayShare={mayShare} wrong={wrongOf("for")} onChange={setWhom} />
          <div class={styles.two}>
            <Choice
              id="view-controller"
              label="With"
              value={filter.controller?.[0] ?? ""}
              none="Any"
              options={[
                { value: "queue", label: "Queue" },
                { value: "agent", label: "An agent" },
                { value: "bot", label: "The assistant" },
              ]}
              wrong={wrongOf("filter.controller")}
              onInput={(value) => set("controller", value === "queue" || value === "agent" || value === "bot" ? [value] : undefined)}
            />
            <Choice
              id="view-agent"
              label="Held by"
              value={filter.agent?.[0] ?? ""}
              none="Any"
              options={[
                { value: "me", label: "Whoever looks" },
                { value: "none", label: "Nobody" },
                ...[account, ...colleagues.value].map(({ id, name: called }) => ({ value: id, label: called })),
              ]}
              wrong={wrongOf("filter.agent")}
              onInput={(value) => set("agent", one(value))}
            />
            <Choice
              id="view-team"
              label="Team"
              value={filter.team?.[0] ?? ""}
              none="Any"
              options={teams}
              wrong={wrongOf("filter.team")}
              onInput={(value) => set("team", one(value))}
            />
            <Choice
              id="view-tag"
              label="Tag"
              value={filter.tag?.[0] ?? ""}
              none="Any"
              options={aids.tags.value.map((tag) => ({ value: tag.id, label: tag.name }))}
              wrong={wrongOf("filter.tag")}
              onInput={(value) => set("tag", one(value))}
            />
            <Choice
              id="view-priority"
              label="Priority"
              value={String(filter.priority?.[0] ?? "")}
              none="Any"
              options={["Urgent", "High", "Normal", "Low"].map((label, index) => ({ value: String(index + 1), label }))}
              wrong={wrongOf("filter.priority")}
              onInput={(value) => set("priority", value === "" ? undefined : [Number(value)])}
            />
            <TextField
              id="view-language"
              label="Language"
              wrong={wrongOf("filter.language")}
              placeholder="any; en, pt-BR…"
              value={filter.language?.[0] ?? ""}
              onInput={(value) => set("language", one(value.trim()))}
            />
            <TextField
              id="view-waiting"
              label="Waiting longer than (minutes)"
              wrong={wrongOf("filter.waitingLongerThan")}
              inputMode="decimal"
              placeholder="any"
              value={filter.waitingLongerThan === undefined ? "" : String(filter.waitingLongerThan / 60)}
              onInput={(value) => {
                const minutes = Number(value.replace(",", "."));
                set("waitingLongerThan", minutes > 0 ? Math.round(minutes * 60) : undefined);
              }}
            />
            <TextField
              id="view-text"
              label="Name or last words have"
              wrong={wrongOf("filter.text")}
              value={filter.text ?? ""}
              onInput={(value) => set("text", value === "" ? undefined : value)}
            />
          </div>
          <p class={parts.hint} role="status">
            {count.toLocaleString()} open {count === 1 ? "conversation fits" : "conversations fit"} now.
          </p>
        </>
      )}
    </CommandDialog>
  );
}
