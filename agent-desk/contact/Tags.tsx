import { Autocomplete } from "@base-ui/react/autocomplete";
import { Plus, Tag as TagIcon, X } from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import type { TagItem } from "../../src/protocol/aids.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Contact.module.css";

/** The tags of a conversation or of its person: seen, taken off, added by name; a name that is new becomes a tag. */
export function Tags({ subject, id, tags }: { subject: "conversation" | "contact"; id: string; tags: readonly string[] }) {
  const { aids } = useDesk();
  const [adding, setAdding] = useState(false);
  const [expected, setExpected] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [wrong, setWrong] = useState<string | null>(null);
  const opener = useRef<HTMLSpanElement>(null);

  // What I asked for counts until the server tells otherwise; then both say the same.
  const shown = aids.tags.value.filter((tag) => expected.get(tag.id) ?? tags.includes(tag.id));
  const others = aids.tags.value.filter((tag) => !shown.includes(tag));
  const close = () => {
    setAdding(false);
    requestAnimationFrame(() => opener.current?.querySelector("button")?.focus());
  };
  const set = async (tag: TagItem, on: boolean) => {
    setWrong(null);
    setExpected((before) => new Map(before).set(tag.id, on));
    try {
      await runCommand(`${subject}.${on ? "tag" : "untag"}`, { [subject]: id, tag: tag.id });
    } catch (error) {
      setExpected((before) => new Map([...before].filter(([known]) => known !== tag.id)));
      setWrong(sentence(error));
    }
  };
  const add = async (name: string) => {
    const known = aids.tags.value.find((tag) => tag.name.toLocaleLowerCase() === name.trim().toLocaleLowerCase());
    close();
    if (known !== undefined) return await set(known, true);
    setWrong(null);
    try {
      await runCommand("tag.create", { name });
      await runCommand(`${subject}.tag`, { [subject]: id, tag: name });
    } catch (error) {
      setWrong(sentence(error));
    }
  };

  return (
    <div>
      <ul class={styles.tags} aria-label={`Tags of the ${subject}`}>
        {shown.map((tag) => (
          <li key={tag.id}>
            <span dir="auto">{tag.name}</span>
            <button type="button" aria-label={`Take off ${tag.name}`} title={`${subject}.untag`} onClick={() => set(tag, false)}>
              <X />
            </button>
          </li>
        ))}
        {!adding && (
          <li class={styles.adder}>
            <span ref={opener}>
              <Button tone="plain" small tip="Add a tag" command={`${subject}.tag`} onClick={() => setAdding(true)}>
                {shown.length === 0 ? <TagIcon aria-hidden="true" /> : <Plus aria-hidden="true" />}{" "}
                {shown.length === 0 ? "Add a tag" : "Add"}
              </Button>
            </span>
          </li>
        )}
      </ul>
      {adding && <Adder others={others} onAdd={add} onClose={close} />}
      <Wrong>{wrong}</Wrong>
    </div>
  );
}

function Adder({ others, onAdd, onClose }: { others: readonly TagItem[]; onAdd: (name: string) => void; onClose: () => void }) {
  const [written, setWritten] = useState("");
  const place = useRef<HTMLDivElement>(null);
  const isNew = written.trim() !== "" && !others.some(({ name }) => name.toLocaleLowerCase() === written.trim().toLocaleLowerCase());
  const items = [...others.map(({ name }) => name), ...(isNew ? [written.trim()] : [])];
  return (
    <div ref={place} class={styles.adding}>
      <Autocomplete.Root
        items={items}
        value={written}
        onValueChange={(value: string) => setWritten(value)}
        open
        onOpenChange={(open) => open || onClose()}
        autoHighlight
      >
        <Autocomplete.Input
          className={parts.field}
          aria-label="Tag"
          placeholder="Name of a tag"
          autoFocus
          onKeyDown={(event: { key: string }) => {
            if (event.key === "Escape") onClose();
          }}
        />
        <Autocomplete.Portal container={place}>
          <Autocomplete.Positioner className={popups.popup} sideOffset={4} align="start">
            <Autocomplete.Popup className={`${popups.menu} ${styles.offered}`}>
              <Autocomplete.Empty className={styles.none}>Write a name; Enter makes the tag.</Autocomplete.Empty>
              <Autocomplete.List>
                {(name: string) => (
                  <Autocomplete.Item key={name} value={name} className={popups.item} onClick={() => onAdd(name)}>
                    {isNew && name === written.trim() ? (
                      <>
                        <Plus aria-hidden="true" /> Make “{name}”
                      </>
                    ) : (
                      name
                    )}
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  );
}
