import { useState } from "preact/hooks";
import { relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { now } from "../shell/now.ts";
import styles from "./Composer.module.css";
import { placeOf } from "./merged.ts";
import type { OpenConversation } from "./openConversation.ts";

interface Addressed {
  /** Where the reply goes: each visitor reads their own conversation alone. */
  conversation: string;
  /** Who reads it. */
  name: string;
  choices: readonly { id: string; label: string }[];
  choose(conversation: string): void;
}

/** Of merged conversations the one whose visitor wrote last, unless another is chosen; a choice counts until a visitor writes again. */
export function useAddressee(head: ConversationHead, timelines: readonly OpenConversation[]): Addressed {
  const heads = [head, ...timelines.flatMap(({ id, facts }) => (id === head.id ? [] : (facts.value.head ?? [])))];
  const [chosen, choose] = useState<{ id: string; since: string } | null>(null);
  const newest = wroteLast(timelines);
  const since = newest?.at ?? "";
  const wanted = chosen?.since === since ? chosen.id : newest?.id;
  const { id, contact } = heads.find((each) => each.id === wanted) ?? head;
  return {
    conversation: id,
    name: contact.name,
    choices: heads.map((each) => ({ id: each.id, label: `${placeOf(each)}, begun ${relativeTime(each.createdAt, now.value)}` })),
    choose: (other) => choose({ id: other, since }),
  };
}

function wroteLast(timelines: readonly OpenConversation[]): { id: string; at: string } | undefined {
  return timelines
    .flatMap(({ id, facts }) => {
      const last = facts.value.messages.findLast(({ author }) => author.kind === "visitor");
      return last === undefined ? [] : [{ id, at: last.at }];
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1))[0];
}

/** To whom a reply goes. */
export function Addressee({ conversation, name, choices, choose }: Addressed) {
  if (choices.length < 2)
    return (
      <>
        To <bdi>{name}</bdi>
      </>
    );
  return (
    <label class={styles.addressee}>
      To
      <select aria-label="To whom the reply goes" value={conversation} onChange={(event) => choose(event.currentTarget.value)}>
        {choices.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}
