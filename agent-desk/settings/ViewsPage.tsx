import { Funnel } from "lucide-preact";
import { useState } from "preact/hooks";
import type { ViewFilter, ViewItem } from "../../src/protocol/aids.ts";
import type { Aids } from "../aids/aids.ts";
import { useDesk } from "../shell/deskContext.ts";
import { DeleteDialog } from "./DeleteDialog.tsx";
import { isMine, ownerLabel } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import { ViewForm } from "./ViewForm.tsx";

type Doing = { do: "edit"; item: ViewItem | null } | { do: "delete"; item: ViewItem } | null;

export function ViewsPage({ mayShare }: { mayShare: boolean }) {
  const { aids, account } = useDesk();
  const [doing, setDoing] = useState<Doing>(null);
  const close = () => setDoing(null);
  return (
    <>
      <Listed
        about="A name for a filter over the open conversations. It stands above the list with its count, live."
        group="view"
        add={{ label: "New view", onClick: () => setDoing({ do: "edit", item: null }) }}
        known={aids.known.value}
        icon={<Funnel strokeWidth={1.5} />}
        empty="No views yet"
        rows={aids.views.value.map((item) => ({
          id: item.id,
          name: item.name,
          detail: filterInWords(item.filter, aids),
          chips: [ownerLabel(item.owner)],
          ...(isMine(item.owner, account.id, mayShare)
            ? { onEdit: () => setDoing({ do: "edit", item }), onDelete: () => setDoing({ do: "delete", item }) }
            : {}),
        }))}
      />
      {doing?.do === "edit" && <ViewForm item={doing.item} mayShare={mayShare} onClose={close} />}
      {doing?.do === "delete" && (
        <DeleteDialog group="view" noun="view" id={doing.item.id} name={doing.item.name} onClose={close}>
          The conversations in it stay where they are.
        </DeleteDialog>
      )}
    </>
  );
}

function filterInWords(filter: ViewFilter, aids: Aids): string {
  const tags = filter.tag?.map((id) => aids.tags.value.find((tag) => tag.id === id)?.name ?? "a deleted tag");
  const parts = [
    filter.controller && `with ${filter.controller.join(" or ")}`,
    filter.team && `team ${filter.team.join(" or ")}`,
    filter.agent && `held by ${filter.agent.map((agent) => (agent === "me" || agent === "none" ? agent : "a colleague")).join(" or ")}`,
    tags && `tagged ${tags.join(" or ")}`,
    filter.priority && `priority ${filter.priority.join(" or ")}`,
    filter.language && `in ${filter.language.join(" or ")}`,
    filter.waitingLongerThan && `waiting longer than ${Math.round(filter.waitingLongerThan / 60)} min`,
    filter.text && `saying “${filter.text}”`,
  ].filter(Boolean);
  return parts.length === 0 ? "every open conversation" : parts.join(", ");
}
