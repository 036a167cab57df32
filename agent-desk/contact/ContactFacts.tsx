import { BadgeCheck } from "lucide-preact";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { FieldItem, FieldValues } from "../../src/protocol/aids.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { Avatar } from "../look/Avatar.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import { languageName, pageName } from "../person/naming.ts";
import person from "../person/Person.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { browserName, timeThere } from "./browserName.ts";
import styles from "./Contact.module.css";
import type { Changeable } from "./change.ts";
import { Fact } from "./Fact.tsx";
import { Tags } from "./Tags.tsx";

/** The person at a glance: who they are, how they are known, where they are now; what is ours to know is edited in its place. */
export function ContactFacts({ head: { contact, visitorConnected } }: { head: ConversationHead }) {
  const { aids } = useDesk();
  const of: Changeable = { command: "contact.update", id: contact.id, version: contact.version };
  return (
    <section class={person.section}>
      <div class={person.who}>
        <Avatar name={contact.name} size="large" />
        <div>
          <b dir="auto">{contact.name}</b>
          <span>
            <span class={`${marks.dot} ${visitorConnected ? marks.online : marks.offline}`} />
            {visitorConnected ? "On the page now" : "Not on the page"}
          </span>
        </div>
      </div>
      <Tags subject="contact" id={contact.id} tags={contact.tags} />
      <dl class={person.facts}>
        <Fact label="Name" path="name" of={of} value={contact.name} />
        <Fact label="Mail" path="email" of={of} value={contact.email}>
          {contact.email !== null && <a href={`mailto:${contact.email}`}>{contact.email}</a>}
          {contact.email === null && <Unknown />}
        </Fact>
        <Fact label="Phone" path="phone" of={of} value={contact.phone}>
          {contact.phone !== null && <a href={`tel:${contact.phone.replace(/[^+\d]/g, "")}`}>{contact.phone}</a>}
          {contact.phone === null && <Unknown />}
        </Fact>
        <OwnFields fields={aids.fields.value.filter(({ subject }) => subject === "contact")} values={contact.fields} of={of} />
        <Fact label="Notes" path="notes" of={of} input={{ type: "long" }} value={contact.notes === "" ? null : contact.notes} />
        {contact.identities.map(({ kind, value, verified }) => (
          <Identity key={`${kind} ${value}`} kind={kind} value={value} verified={verified} />
        ))}
        <dt>Language</dt>
        <dd>{contact.locale === null ? <Unknown /> : languageName(contact.locale)}</dd>
        <dt>Local time</dt>
        <dd>{timeThere(contact.timeZone, now.value) ?? <Unknown />}</dd>
        <dt>Page</dt>
        <dd>{contact.page === null ? <Unknown /> : <Page address={contact.page} />}</dd>
        <dt>Browser</dt>
        <dd title={contact.browser ?? undefined}>{contact.browser === null ? <Unknown /> : browserName(contact.browser)}</dd>
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

/** The tenant's own fields, each edited as its type wants it. */
export function OwnFields({ fields, values, of }: { fields: readonly FieldItem[]; values: FieldValues; of: Changeable }) {
  return fields.map((field) => (
    <Fact key={field.id} label={field.name} path={`fields.${field.key}`} of={of} input={field} value={values[field.key] ?? null} />
  ));
}

function Identity({ kind, value, verified }: { kind: string; value: string; verified: boolean }) {
  return (
    <>
      <dt>{kind.charAt(0).toLocaleUpperCase() + kind.slice(1)}</dt>
      <dd class={styles.identity}>
        <span>{value}</span>
        {verified && <BadgeCheck aria-label="verified" />}
      </dd>
    </>
  );
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
