import { ArrowLeft, X } from "lucide-preact";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { ContactFacts, OwnFields } from "../contact/ContactFacts.tsx";
import { DataRights } from "../contact/DataRights.tsx";
import { PastConversations } from "../contact/PastConversations.tsx";
import { Tags } from "../contact/Tags.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { togglePerson } from "../shell/personPanel.ts";
import { go } from "../shell/route.ts";
import { phone } from "../shell/screen.ts";
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
            <ContactFacts head={head} />
            <Answers answers={head.contact.answers} />
            <Conversation head={head} />
            <PastConversations contact={head.contact.id} conversation={head.id} lastSeq={head.lastSeq} />
            <Why conversation={head.id} generation={head.generation} offer={`${head.offer?.to.id} ${head.offer?.until}`} />
            <Team />
            <DataRights contact={head.contact} />
          </>
        )}
      </div>
    </Place>
  );
}

function Conversation({ head }: { head: ConversationHead }) {
  const { aids } = useDesk();
  return (
    <section class={styles.section}>
      <h2>Conversation</h2>
      <Tags subject="conversation" id={head.id} tags={head.tags} />
      <dl class={styles.facts}>
        <OwnFields
          fields={aids.fields.value.filter(({ subject }) => subject === "conversation")}
          values={head.fields}
          of={{ command: "conversation.update", id: head.id, version: head.version }}
        />
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
        {head.rating !== null && (
          <>
            <dt>Rating</dt>
            <dd title={exactTime(head.rating.at)}>
              {head.rating.score} of 5{head.rating.comment === "" ? "" : `: ${head.rating.comment}`}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

/** What they filled in before they began: their own word, which nobody has checked. */
function Answers({ answers }: Pick<ConversationHead["contact"], "answers">) {
  if (answers.length === 0) return null;
  return (
    <section class={styles.section}>
      <h2>Said before the chat</h2>
      <dl class={styles.facts}>
        {answers.map(({ label, value }) => [<dt key={label}>{label}</dt>, <dd key={`${label}-value`}>{value}</dd>])}
      </dl>
      <p class={parts.hint}>As the visitor wrote it, not verified.</p>
    </section>
  );
}

function readUpTo({ visitorReadSeq, lastSeq }: ConversationHead): string {
  if (lastSeq === 0) return "nothing to read yet";
  return visitorReadSeq >= lastSeq ? "the visitor has read all" : `${lastSeq - visitorReadSeq} not read by the visitor`;
}
