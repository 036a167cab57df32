import { Tag } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { TagItem } from "../../src/protocol/aids.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { useDesk } from "../shell/deskContext.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { NameField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";

type Doing = { do: "edit"; tag: TagItem | null } | { do: "delete"; tag: TagItem } | null;

export function TagsPage({ mayChange }: { mayChange: boolean }) {
  const { aids } = useDesk();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Listed
        about="Words that sort conversations and people. They are put on beside a conversation."
        group="tag"
        editCommand="tag.rename"
        add={{ label: "New tag", onClick: () => setDoing({ do: "edit", tag: null }) }}
        known={aids.known.value}
        icon={<Tag strokeWidth={1.5} />}
        empty="No tags yet"
        rows={aids.tags.value.map((tag) => ({
          id: tag.id,
          name: tag.name,
          detail: "",
          chips: [],
          ...(mayChange ? { onEdit: () => setDoing({ do: "edit", tag }), onDelete: () => setDoing({ do: "delete", tag }) } : {}),
        }))}
      />
      {doing?.do === "edit" && <TagForm tag={doing.tag} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="tag" noun="tag" id={doing.tag.id} name={doing.tag.name} onClose={close}>
          <Uses tag={doing.tag} /> It is taken off all of them. This can't be undone.
        </DeleteDialog>
      )}
    </>
  );
}

function TagForm({ tag, onClose }: { tag: TagItem | null; onClose: () => void }) {
  const [name, setName] = useState(tag?.name ?? "");
  return (
    <CommandDialog
      title={tag === null ? "New tag" : "Rename the tag"}
      command={tag === null ? "tag.create" : "tag.rename"}
      args={() => (tag === null ? { name } : { tag: tag.id, name })}
      onClose={onClose}
    >
      {(wrongOf) => <NameField value={name} wrong={wrongOf("name")} onInput={setName} />}
    </CommandDialog>
  );
}

/** On how many it is, asked when it matters. */
function Uses({ tag }: { tag: TagItem }) {
  const [text, setText] = useState("Counting where it is…");
  useEffect(() => {
    runCommand("tag.count", { tag: tag.id }).then(
      ({ messages }) => setText(messages[0]?.text ?? ""),
      (error: unknown) => setText(sentence(error)),
    );
  }, [tag.id]);
  return <span role="status">{text}</span>;
}
