import { Dialog } from "@base-ui/react/dialog";
import { Lock, Search } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { SearchAnswer } from "../../src/protocol/search.ts";
import bar from "../commands/CommandBar.module.css";
import { sentence } from "../commands/run.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { go } from "../shell/route.ts";
import { Marked } from "./Marked.tsx";
import styles from "./Search.module.css";

/** While somebody types, no more often than this. */
const restMs = 150;

interface Found {
  text: string;
  answer: SearchAnswer;
}

/** Everything that was said, who said it, and where: looked for as one types. A message that is chosen opens in its place. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const wanted = text.trim();

  useEffect(() => {
    if (wanted === "") return;
    let stale = false;
    const timer = setTimeout(() => {
      ask(wanted, null).then(
        (answer) => {
          if (stale) return;
          setFound({ text: wanted, answer });
          setWrong(null);
        },
        (error: unknown) => stale || setWrong(sentence(error)),
      );
    }, restMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [wanted]);

  const more = async ({ answer, text: of }: Found) => {
    if (answer.nextCursor === null) return;
    try {
      const next = await ask(of, answer.nextCursor);
      setFound({ text: of, answer: { ...answer, messages: [...answer.messages, ...next.messages], nextCursor: next.nextCursor } });
    } catch (error) {
      setWrong(sentence(error));
    }
  };
  const open = (conversation: string | null, message: string | null) => {
    if (conversation === null) return;
    onClose();
    go({ view: "all", conversation, message });
  };
  // The arrows walk through what was found, from the field and back to it.
  const walk = (event: KeyboardEvent) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const rows = [...(list.current?.querySelectorAll<HTMLElement>("[data-found]") ?? [])];
    const at = rows.findIndex((row) => row.matches(":focus"));
    const to = at + (event.key === "ArrowDown" ? 1 : -1);
    if (to < 0) document.getElementById("search-text")?.focus();
    else rows[Math.min(to, rows.length - 1)]?.focus();
  };
  const shown = wanted === "" ? null : found;
  const count = shown === null ? 0 : shown.answer.contacts.length + shown.answer.conversations.length + shown.answer.messages.length;

  return (
    <Dialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popups.backdrop} />
        <Dialog.Popup className={`${popups.dialog} ${bar.bar} ${styles.search}`} aria-label="Search" onKeyDown={walk}>
          <search class={bar.input}>
            <Search aria-hidden="true" />
            <input
              id="search-text"
              dir="auto"
              autocomplete="off"
              placeholder={'Messages, notes, people, tags; "in quotes" stands together'}
              aria-label="Search for"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
              onKeyDown={(event) => {
                const first = list.current?.querySelector<HTMLElement>("[data-found]");
                if (event.key !== "Enter" || event.isComposing || first === null || first === undefined) return;
                event.preventDefault();
                first.click();
              }}
            />
          </search>
          <p class={parts.hidden} role="status">
            {shown === null ? "" : `${count} found`}
          </p>
          <div ref={list} class={styles.found}>
            {shown !== null && <Groups found={shown} onOpen={open} />}
            {shown !== null && count === 0 && shown.text === wanted && (
              <p class={styles.none}>Nothing has that in it. Fewer words find more; a word's beginning is enough at the end.</p>
            )}
            {shown?.answer.nextCursor != null && (
              <Button small tone="plain" onClick={() => more(shown)}>
                Show older messages
              </Button>
            )}
          </div>
          <div class={wrong === null ? undefined : bar.wrong}>
            <Wrong>{wrong}</Wrong>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Groups({ found: { answer }, onOpen }: { found: Found; onOpen: (conversation: string | null, message: string | null) => void }) {
  const { aids } = useDesk();
  return (
    <>
      {answer.contacts.length > 0 && <h3 class={bar.group}>People</h3>}
      {answer.contacts.map((contact) => (
        <button
          key={contact.id}
          type="button"
          data-found
          class={popups.item}
          disabled={contact.conversation === null}
          onClick={() => onOpen(contact.conversation, null)}
        >
          <Avatar name={contact.name} size="tiny" />
          <span class={styles.what}>
            <b dir="auto">
              <Marked text={contact.name} hits={contact.hits} />
            </b>
            <small>{[contact.email, contact.phone].filter(Boolean).join(" · ")}</small>
          </span>
        </button>
      ))}
      {answer.conversations.length > 0 && <h3 class={bar.group}>Conversations</h3>}
      {answer.conversations.map((conversation) => (
        <button key={conversation.id} type="button" data-found class={popups.item} onClick={() => onOpen(conversation.id, null)}>
          <span class={styles.what}>
            <b dir="auto">{conversation.contact.name}</b>
            <small dir="auto">{conversation.lastText || "Nothing was said yet"}</small>
          </span>
          {aids.tags.value
            .filter(({ id }) => conversation.tags.includes(id))
            .map(({ id, name }) => (
              <Chip key={id}>{name}</Chip>
            ))}
          <Chip tone={conversation.open ? "accent" : undefined}>{conversation.open ? "open" : "closed"}</Chip>
        </button>
      ))}
      {answer.messages.length > 0 && <h3 class={bar.group}>Messages and notes</h3>}
      {answer.messages.map((message) => (
        <button
          key={message.note ?? `${message.conversation} ${message.seq}`}
          type="button"
          data-found
          class={popups.item}
          onClick={() => onOpen(message.conversation, message.note ?? `m${message.seq}`)}
        >
          <span class={styles.what}>
            <span dir="auto">
              <Marked text={message.excerpt} hits={message.hits} />
            </span>
            <small>
              <bdi>{message.contact.name}</bdi>
              {message.author.kind !== "visitor" && (
                <>
                  {" · "}
                  <bdi>{message.author.name}</bdi>
                </>
              )}{" "}
              ·{" "}
              <time dateTime={message.at} title={exactTime(message.at)}>
                {relativeTime(message.at, now.value)}
              </time>
            </small>
          </span>
          {message.note !== null && (
            <Chip tone="note">
              <Lock aria-hidden="true" /> note
            </Chip>
          )}
        </button>
      ))}
    </>
  );
}

async function ask(text: string, cursor: string | null): Promise<SearchAnswer> {
  const query = new URLSearchParams({ text, ...(cursor === null ? {} : { cursor }) });
  return await requestAsMe<SearchAnswer>({ method: "GET", path: `search?${query}` });
}
