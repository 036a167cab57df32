import { ArrowLeft, X } from "lucide-preact";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { togglePerson } from "../shell/personPanel.ts";
import { go } from "../shell/route.ts";
import { phone } from "../shell/screen.ts";
import { languageName, pageName } from "./naming.ts";
import styles from "./Person.module.css";
import { Team } from "./Team.tsx";
import { Why } from "./Why.tsx";

/** Who the visitor is, what is known of the conversation, and why it is where it is. */
export function Person({ id }: { id: string }) {
  const { head } = useDesk().open(id).facts.value;
  const Place = phone.value ? "main" : "aside";
  return (
    <Place class={`${desk.pane} ${desk.person}`} data-part="person" aria-label="Person">
      <div class={desk.head}>
        <span class={desk.back}>
          <Button tone="plain" label="Back to the conversation" onClick={() => go({ person: false })}>
            <ArrowLeft />
          </Button>
        </span>
        {phone.value ? <h1 class={desk.grow}>Person</h1> : <h2 class={desk.grow}>Person</h2>}
        <span class={styles.close}>
          <Button tone="plain" small label="Hide the person" keys="P" onClick={togglePerson}>
            <X />
          </Button>
        </span>
      </div>
      <div class={styles.scroll}>
        {head === null ? (
          <div class={styles.section} aria-busy="true">
            <span class={parts.skeleton} style="width: 60%" />
          </div>
        ) : (
          <>
            <Facts head={head} />
            <Conversation head={head} />
            <Why conversation={head.id} generation={head.generation} />
            <Team />
          </>
        )}
      </div>
    </Place>
  );
}

function Facts({ head: { contact, visitorConnected } }: { head: ConversationHead }) {
  return (
    <section class={styles.section}>
      <div class={styles.who}>
        <Avatar name={contact.name} size="large" />
        <div>
          <b>{contact.name}</b>
          <span>
            <span class={`${marks.dot} ${visitorConnected ? marks.online : marks.offline}`} />
            {visitorConnected ? "On the page now" : "Not on the page"}
          </span>
        </div>
      </div>
      <dl class={styles.facts}>
        <dt>Mail</dt>
        <dd>{contact.email === null ? <Unknown /> : <a href={`mailto:${contact.email}`}>{contact.email}</a>}</dd>
        <dt>Language</dt>
        <dd>{contact.locale === null ? <Unknown /> : languageName(contact.locale)}</dd>
        <dt>Page</dt>
        <dd>{contact.page === null ? <Unknown /> : <Page address={contact.page} />}</dd>
        <dt>First seen</dt>
        <dd>
          <time dateTime={contact.createdAt} title={exactTime(contact.createdAt)}>
            {relativeTime(contact.createdAt, now.value)}
          </time>
        </dd>
      </dl>
    </section>
  );
}

function Conversation({ head }: { head: ConversationHead }) {
  return (
    <section class={styles.section}>
      <h2>Conversation</h2>
      <dl class={styles.facts}>
        <dt>Came by</dt>
        <dd>{head.inbox.name}</dd>
        <dt>Team</dt>
        <dd>{head.team}</dd>
        <dt>Began</dt>
        <dd>
          <time dateTime={head.createdAt} title={exactTime(head.createdAt)}>
            {relativeTime(head.createdAt, now.value)}
          </time>
        </dd>
        <dt>Messages</dt>
        <dd>{head.lastSeq.toLocaleString()}</dd>
        <dt>Read</dt>
        <dd>{readUpTo(head)}</dd>
      </dl>
    </section>
  );
}

function readUpTo({ visitorReadSeq, lastSeq }: ConversationHead): string {
  if (lastSeq === 0) return "nothing to read yet";
  return visitorReadSeq >= lastSeq ? "the visitor has read all" : `${lastSeq - visitorReadSeq} not read by the visitor`;
}

/** A page that the visitor named is a link only where it is one of the web. */
function Page({ address }: { address: string }) {
  const { label, href } = pageName(address);
  if (href === null) return label;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={address}>
      {label}
    </a>
  );
}

function Unknown() {
  return <span class={parts.hint}>not known</span>;
}
