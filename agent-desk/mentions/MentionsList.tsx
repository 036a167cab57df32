import { AtSign } from "lucide-preact";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { MentionItem } from "../../src/protocol/mentions.ts";
import list from "../inbox/List.module.css";
import { ListSkeleton } from "../inbox/Skeleton.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { addressOf, route } from "../shell/route.ts";

/** The way to them, with how many are not read: a sign above the views, since six words don't fit in their line. */
export function MentionsTab() {
  const { mentions } = useDesk();
  const unread = mentions.unread.value;
  const { view, saved } = route.value;
  return (
    <a
      class={list.tab}
      href={addressOf({ ...route.value, view: "mentions", saved: null, person: false })}
      aria-current={saved === null && view === "mentions" ? "true" : undefined}
      aria-label={unread === 0 ? "Mentions" : `Mentions, ${unread} not read`}
      title="Mentions"
    >
      <AtSign aria-hidden="true" />
      {unread > 0 && <b class={list.badge}>{unread > 99 ? "99+" : unread}</b>}
    </a>
  );
}

/** The notes that name me, live: those that I have not read first. `wanted` is looked for in what they show. */
export function MentionsList({ wanted }: { wanted: string }) {
  const { mentions } = useDesk();
  const words = wanted.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
  const shown = mentions.all.value.filter(({ author, contact, text }) => {
    const said = `${author}\n${contact}\n${text}`.toLocaleLowerCase();
    return words.every((word) => said.includes(word));
  });
  if (!mentions.known.value) return <ListSkeleton />;
  return (
    <div class={list.scroll}>
      <ul class={list.plain}>
        {shown.map((mention) => (
          <li key={mention.id}>
            <MentionEntry mention={mention} />
          </li>
        ))}
      </ul>
      {shown.length === 0 && (
        <Empty icon={<AtSign strokeWidth={1.5} />} title={wanted === "" ? "Nobody has mentioned you" : "Nothing found"}>
          <p>
            {wanted === ""
              ? "A note with @ and your name, or your team's, stands here. Mention a colleague in a note to ask them."
              : `No note that mentions you has “${wanted}” in it.`}
          </p>
        </Empty>
      )}
    </div>
  );
}

function MentionEntry({ mention: { id, conversation, contact, author, text, at, read } }: { mention: MentionItem }) {
  return (
    <a
      class={read ? list.entry : `${list.entry} ${list.unread}`}
      href={addressOf({ view: "mentions", conversation, message: id, person: false })}
      aria-current={route.value.conversation === conversation ? "true" : undefined}
      data-entry={conversation}
    >
      <div class={list.line}>
        <span class={list.name} dir="auto">
          {author}
          {!read && <span class={parts.hidden}> (not read)</span>}
        </span>
        <time class={list.time} dateTime={at} title={exactTime(at)}>
          {relativeTime(at, now.value)}
        </time>
      </div>
      <div class={list.last}>
        <span dir="auto">{text}</span>
      </div>
      <div class={list.foot}>
        <span>
          about <bdi>{contact}</bdi>
        </span>
      </div>
    </a>
  );
}
