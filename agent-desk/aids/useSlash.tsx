import { MessageSquareQuote, Workflow } from "lucide-preact";
import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { fillSlots, openSlots, slotValues } from "../../src/protocol/slots.ts";
import { Chip } from "../look/Chip.tsx";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Aids.module.css";
import { type Offer, offersFor, slashBefore } from "./offers.ts";
import { runMacro } from "./runMacro.ts";

interface Slash {
  head: ConversationHead;
  text: string;
  box: RefObject<HTMLTextAreaElement | null>;
  /** Writes the whole text anew. */
  write(text: string): void;
}

/** `/` and a name in the composer: what it offers, and the keys that choose. */
export function useSlash({ head, text, box, write }: Slash) {
  const { aids, account } = useDesk();
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const slash = cursor === null ? null : slashBefore(text, cursor);
  const offers =
    slash === null
      ? []
      : offersFor(slash.word, {
          canned: aids.canned.value,
          macros: aids.macros.value,
          team: head.team,
          languages: [head.language ?? null, head.contact.locale, ...navigator.languages],
        });
  const marked = Math.min(chosen, offers.length - 1);

  const take = (offer: Offer) => {
    if (slash === null || cursor === null) return;
    const before = text.slice(0, slash.from);
    const after = text.slice(cursor);
    setCursor(null);
    setChosen(0);
    if (offer.kind === "macro") {
      write(before + after);
      void runMacro(head.id, offer.item);
      return;
    }
    const { text: filled } = fillSlots(offer.text, slotValues(head, account));
    write(before + filled + after);
    const open = openSlots(filled)[0];
    requestAnimationFrame(() => {
      box.current?.focus();
      // What is still to be filled in is marked: typing replaces it.
      if (open === undefined) box.current?.setSelectionRange(before.length + filled.length, before.length + filled.length);
      else box.current?.setSelectionRange(before.length + open.from, before.length + open.to);
    });
  };

  return {
    offers,
    marked,
    take,
    mark: setChosen,
    follow() {
      const at = box.current?.selectionStart ?? null;
      setCursor(at !== null && at === box.current?.selectionEnd ? at : null);
      setChosen(0);
    },
    leave: () => setCursor(null),
    /** Whether the key was for the list. */
    onKey(event: KeyboardEvent): boolean {
      if (offers.length === 0 || event.isComposing) return false;
      const offer = offers[marked];
      if (event.key === "ArrowDown") setChosen((marked + 1) % offers.length);
      else if (event.key === "ArrowUp") setChosen((marked + offers.length - 1) % offers.length);
      else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
        if (offer !== undefined) take(offer);
      } else if (event.key === "Escape") setCursor(null);
      else return false;
      event.preventDefault();
      return true;
    },
  };
}

/** The list above the composer. The cursor stays in the text: the keys come from there. */
export function SlashList({ offers, marked, take, mark }: Pick<ReturnType<typeof useSlash>, "offers" | "marked" | "take" | "mark">) {
  if (offers.length === 0) return null;
  return (
    <div class={styles.offers} id="slash" role="listbox" tabIndex={-1} aria-label="Canned answers and macros">
      {offers.map((offer, index) => (
        <div
          key={offer.item.id}
          id={`slash-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === marked}
          onPointerMove={() => mark(index)}
          onPointerDown={(event) => {
            event.preventDefault();
            take(offer);
          }}
        >
          {offer.kind === "canned" ? <MessageSquareQuote aria-hidden="true" /> : <Workflow aria-hidden="true" />}
          <span class={styles.offer}>
            <b>{offer.item.name}</b>
            <small>{offer.kind === "canned" ? offer.text : stepsOf(offer.item.actions.length)}</small>
          </span>
          {offer.item.owner !== "everyone" && <Chip>{offer.item.owner.startsWith("team:") ? offer.item.owner.slice(5) : "mine"}</Chip>}
        </div>
      ))}
    </div>
  );
}

function stepsOf(count: number): string {
  return `Macro of ${count} ${count === 1 ? "step" : "steps"}; runs at once`;
}
