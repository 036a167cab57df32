import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationItem } from "../../src/protocol/desk.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Avatar } from "../look/Avatar.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import styles from "./Conversation.module.css";
import { placeOf } from "./merged.ts";
import { goWhereItWent } from "./useMerged.ts";

const mostSuggested = 8;

/** Into which conversation this one goes: those of the same customer first, another customer's where it is looked for. */
export function MergeDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { account, open, conversations } = useDesk();
  const { head } = open(conversation).facts.value;
  const contact = head?.contact.id ?? "";
  const theirs = useOpenOf(contact);
  const [words, setWords] = useState("");
  const [into, setInto] = useState<ConversationItem | null>(null);
  conversations.revision.value;
  const found = words.trim() === "" ? [] : [...conversations.all()].filter((item) => isLike(item, words));
  const offered = [...theirs, ...found.filter(({ id }) => !theirs.some((each) => each.id === id))]
    .filter(({ id }) => id !== conversation)
    .slice(0, mostSuggested);
  const other = into !== null && into.contact.id !== contact;
  const args = () => {
    if (into === null) throw new Refusal("invalid_value", "Choose a conversation.", { path: "args.into" });
    return { conversation, into: into.id, ...(other ? { otherContact: true } : {}) };
  };
  return (
    <CommandDialog
      title="Merge into another conversation"
      command="conversation.merge"
      args={args}
      label={other ? "Merge both customers'" : "Merge"}
      onDone={() => into !== null && goWhereItWent(account.id, { from: conversation, to: into.id })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <p class={parts.hint}>
            You see and answer both in the one that you choose. Each customer goes on in their own chat, and nothing is lost: Undo makes two
            of it again.
          </p>
          <div class={parts.labelled}>
            <label for="merge-words">Look for another customer's</label>
            <input
              id="merge-words"
              class={parts.field}
              type="text"
              dir="auto"
              autocomplete="off"
              placeholder="A name, or what was said last"
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
            />
          </div>
          <fieldset class={styles.choices} aria-describedby="merge-wrong">
            <legend>Into</legend>
            {offered.map((item) => (
              <label key={item.id} class={styles.choice}>
                <input type="radio" name="into" checked={into?.id === item.id} onChange={() => setInto(item)} />
                <Avatar name={item.contact.name} />
                <span class={styles.whom}>
                  {placeOf(item)}
                  <small dir="auto">{item.lastText || "Nothing was said"}</small>
                </span>
                <small title={exactTime(item.lastAt)}>
                  {item.contact.id === contact ? "Same customer" : "Another customer"} · {relativeTime(item.lastAt, now.value)}
                </small>
              </label>
            ))}
          </fieldset>
          {offered.length === 0 && (
            <p class={parts.hint}>
              {words.trim() === ""
                ? "This customer has no other open conversation. Look for another customer's by name."
                : "No open conversation has that in it."}
            </p>
          )}
          {other && (
            <p class={parts.hint} role="status">
              These are two customers. Neither will see a word of the other; choose above your reply which of them it goes to.
            </p>
          )}
          <Wrong id="merge-wrong">{wrongOf("into") ?? wrongOf("otherContact") ?? wrongOf("conversation")}</Wrong>
        </>
      )}
    </CommandDialog>
  );
}

/** The open conversations of a customer; none while they are looked for. */
function useOpenOf(contact: string): readonly ConversationItem[] {
  const [items, setItems] = useState<readonly ConversationItem[]>([]);
  useEffect(() => {
    let stale = false;
    const filter = JSON.stringify({ contact: { eq: contact }, open: { eq: true } });
    requestAsMe<{ items: ConversationItem[] }>({
      method: "GET",
      path: `conversations?${new URLSearchParams({ filter, limit: "20" })}`,
    }).then(
      (page) => stale || setItems(page.items),
      // Those that the list knows are found by name all the same.
      () => {},
    );
    return () => {
      stale = true;
    };
  }, [contact]);
  return items;
}

function isLike({ contact, lastText }: ConversationItem, words: string): boolean {
  return `${contact.name} ${lastText}`.toLocaleLowerCase().includes(words.trim().toLocaleLowerCase());
}
