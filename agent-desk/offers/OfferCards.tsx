import { Bell, BellOff, Info, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Kbd } from "../look/Kbd.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { go } from "../shell/route.ts";
import { acceptOffer, answering, declineOffer, wrong } from "./answering.ts";
import { dismissNotice, dropOldNotices, holdNotices, notices } from "./notices.ts";
import styles from "./OfferCards.module.css";
import { lastWords, noteWith, type OfferedItem, offeredBecause, secondsLeft } from "./offersToMe.ts";
import { playOffer, soundOn, toggleSound } from "./sound.ts";

/** What I am offered and what I should hear, over whatever is open. */
export function OfferCards() {
  const { offers, conversations } = useDesk();
  const mine = offers.value;
  const heard = useRef<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (mine.some(({ id }) => !heard.current.has(id))) playOffer();
    heard.current = new Set(mine.map(({ id }) => id));
  }, [mine]);

  const revision = conversations.revision.value;
  const told = notices.value;
  useEffect(() => dropOldNotices((id) => conversations.get(id)), [conversations, revision]);
  // Who pointed at the last one, or had the cursor in it, can't leave it any more.
  useEffect(() => {
    if (told.length === 0) holdNotices(false);
  }, [told.length]);

  const [first] = mine;
  return (
    <section class={styles.cards} aria-label="Offers">
      {told.map(({ id, conversation, text }) => (
        <article
          key={id}
          class={styles.card}
          onMouseEnter={() => holdNotices(true)}
          onMouseLeave={() => holdNotices(false)}
          onFocusIn={() => holdNotices(true)}
          onFocusOut={() => holdNotices(false)}
        >
          <div class={styles.notice}>
            <Info aria-hidden="true" />
            <p>{text}</p>
            <Button tone="plain" small label="Dismiss" onClick={() => dismissNotice(id)}>
              <X />
            </Button>
          </div>
          <div class={styles.buttons}>
            <Button
              small
              onClick={() => {
                dismissNotice(id);
                go({ conversation });
              }}
            >
              Open the conversation
            </Button>
          </div>
        </article>
      ))}
      {mine.slice(0, 3).map((item) => (
        <OfferCard key={item.id} item={item} keys={item === first} />
      ))}
      {mine.length > 3 && <p class={styles.more}>And {mine.length - 3} more</p>}
      <p class={parts.hidden} role="status">
        {first === undefined ? "" : `Offered to you: ${first.contact.name}. ${offeredBecause(first)}. Y accepts, X declines.`}
      </p>
    </section>
  );
}

function OfferCard({ item, keys }: { item: OfferedItem; keys: boolean }) {
  const left = secondsLeft(item.offer.until, now.value);
  // Followed while it is offered: accepted, it is there at once.
  const { messages, notes } = useDesk().open(item.id).facts.value;
  const words = lastWords(messages);
  const note = noteWith(item, notes);
  const busy = answering.value === item.id;
  return (
    <article class={styles.card} aria-label={`Offer: ${item.contact.name}`}>
      <div class={styles.top}>
        <b dir="auto">{item.contact.name}</b>
        <Chip tone={left <= 10 ? "warn" : "accent"} title="Then it goes to the next">
          {left} s left
        </Chip>
        <Button
          tone="plain"
          small
          label={soundOn.value ? "Turn the sound off" : "Turn the sound on"}
          pressed={soundOn.value}
          onClick={toggleSound}
        >
          {soundOn.value ? <Bell /> : <BellOff />}
        </Button>
      </div>
      <p class={styles.why}>
        {offeredBecause(item)} · {item.inbox.name}
      </p>
      {words !== undefined && (
        <p class={styles.words} dir="auto">
          {words}
        </p>
      )}
      {note !== undefined && (
        <p class={styles.note} dir="auto">
          <b>{note.by}:</b> {note.text}
        </p>
      )}
      <Wrong>{wrong.value?.conversation === item.id ? wrong.value.text : null}</Wrong>
      <div class={styles.buttons}>
        <Button
          small
          tone="primary"
          disabled={busy}
          command="conversation.accept"
          keys={keys ? "Y" : undefined}
          onClick={() => acceptOffer(item.id)}
        >
          {busy ? "One moment…" : "Accept"} {keys && <Kbd>Y</Kbd>}
        </Button>
        <Button small disabled={busy} command="conversation.decline" keys={keys ? "X" : undefined} onClick={() => declineOffer(item.id)}>
          Decline {keys && <Kbd>X</Kbd>}
        </Button>
      </div>
    </article>
  );
}
