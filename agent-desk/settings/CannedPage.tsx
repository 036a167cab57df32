import { MessageSquareQuote, Plus, X } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import type { CannedItem } from "../../src/protocol/aids.ts";
import { slotNames, versionFor } from "../../src/protocol/slots.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { insertSlot, SlotButtons } from "../look/SlotButtons.tsx";
import { languageName } from "../person/naming.ts";
import { useDesk } from "../shell/deskContext.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { ForWhom, forOf, isMine, Labelled, NameField, ownerLabel } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import styles from "./Settings.module.css";

type Doing = { do: "edit"; item: CannedItem | null } | { do: "delete"; item: CannedItem } | null;

export function CannedPage({ mayShare }: { mayShare: boolean }) {
  const { aids, account } = useDesk();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Listed
        about="Texts that you send again and again. In the composer, / and the name inserts one."
        group="canned"
        add={{ label: "New answer", onClick: () => setDoing({ do: "edit", item: null }) }}
        known={aids.known.value}
        icon={<MessageSquareQuote strokeWidth={1.5} />}
        empty="No canned answers yet"
        rows={aids.canned.value.map((item) => ({
          id: item.id,
          name: item.name,
          detail: versionFor(item.texts, [...navigator.languages]),
          chips: [Object.keys(item.texts).join(" "), ownerLabel(item.owner)],
          ...(isMine(item.owner, account.id, mayShare)
            ? { onEdit: () => setDoing({ do: "edit", item }), onDelete: () => setDoing({ do: "delete", item }) }
            : {}),
        }))}
      />
      {doing?.do === "edit" && <CannedForm item={doing.item} mayShare={mayShare} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="canned" noun="canned answer" id={doing.item.id} name={doing.item.name} onClose={close}>
          Nobody finds it any more, and macros that send it stop there. What was sent stays.
        </DeleteDialog>
      )}
    </>
  );
}

function CannedForm({ item, mayShare, onClose }: { item: CannedItem | null; mayShare: boolean; onClose: () => void }) {
  const [name, setName] = useState(item?.name ?? "");
  const [whom, setWhom] = useState(item === null ? (mayShare ? "everyone" : "me") : forOf(item.owner));
  const [versions, setVersions] = useState(
    Object.entries(item?.texts ?? { en: "" }).map(([language, text], key) => ({ key, language, text })),
  );
  const last = useRef<HTMLTextAreaElement | null>(null);
  const change = (key: number, changes: { language?: string; text?: string }) =>
    setVersions(versions.map((version) => (version.key === key ? { ...version, ...changes } : version)));
  const insert = (slot: string) => {
    const box = last.current;
    const key = Number(box?.dataset["version"] ?? versions[0]?.key);
    const version = versions.find((each) => each.key === key);
    if (version === undefined) return;
    change(key, { text: insertSlot(box, version.text, slot) });
  };
  return (
    <CommandDialog
      title={item === null ? "New canned answer" : "Change the canned answer"}
      command={item === null ? "canned.create" : "canned.update"}
      args={() => ({
        ...(item === null ? {} : { canned: item.id, version: item.version }),
        name,
        for: whom,
        texts: Object.fromEntries(versions.map(({ language, text }) => [language.trim(), text])),
      })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <NameField value={name} wrong={wrongOf("name")} onInput={setName} />
          <ForWhom value={whom} mayShare={mayShare} wrong={wrongOf("for")} onChange={setWhom} />
          {versions.map((version) => (
            <fieldset key={version.key} class={styles.version}>
              <legend>{version.language === "" ? "Another language" : languageName(version.language)}</legend>
              <span class={styles.versionHead}>
                <input
                  class={parts.field}
                  aria-label="Language tag"
                  placeholder="en, pt-BR…"
                  value={version.language}
                  onInput={(event) => change(version.key, { language: event.currentTarget.value })}
                />
                {versions.length > 1 && (
                  <Button
                    tone="plain"
                    small
                    label="Remove this language"
                    onClick={() => setVersions(versions.filter(({ key }) => key !== version.key))}
                  >
                    <X />
                  </Button>
                )}
              </span>
              <textarea
                class={parts.field}
                rows={4}
                dir="auto"
                aria-label={`Text in ${version.language === "" ? "this language" : languageName(version.language)}`}
                data-version={version.key}
                value={version.text}
                onFocus={(event) => {
                  last.current = event.currentTarget;
                }}
                onInput={(event) => change(version.key, { text: event.currentTarget.value })}
              />
            </fieldset>
          ))}
          <Labelled id="aid-slots" label="Insert a value" wrong={wrongOf("texts") ?? wrongOf("language")}>
            <SlotButtons slots={slotNames.map((name) => `{{${name}}}`)} onChoose={insert} />
          </Labelled>
          <div>
            <Button
              small
              tone="plain"
              onClick={() => setVersions([...versions, { key: Math.max(...versions.map(({ key }) => key)) + 1, language: "", text: "" }])}
            >
              <Plus aria-hidden="true" /> Another language
            </Button>
          </div>
        </>
      )}
    </CommandDialog>
  );
}
