import { Inbox, MessageSquarePlus, Pencil, Plus, Trash2 } from "lucide-preact";
import type { InboxView } from "../../src/protocol/inbox.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import styles from "./Hours.module.css";
import { InboxForm, PrechatForm, ProactiveForm, TextForm } from "./InboxForms.tsx";
import { Page } from "./Page.tsx";
import { useListed } from "./useListed.ts";

type Doing =
  | { do: "make" }
  | { do: "edit" | "prechat" | "proactive"; inbox: InboxView }
  | { do: "text"; inbox: InboxView; key: string; language: string; text: string }
  | { do: "removeProactive"; inbox: InboxView; key: string }
  | null;

const textNames: Record<string, string> = {
  greeting: "Greeting",
  "away.closed": "Outside the hours",
  "away.nobody": "Nobody at the desk",
  offline: "A message was left",
  "prechat.title": "Title of the form",
};

/** Where conversations begin: their hours, their words in each language, and what is asked first. */
export function InboxesPage({ mayChange, mayMake }: { mayChange: boolean; mayMake: boolean }) {
  const { items: inboxes, wrong, doing, setDoing, close } = useListed<InboxView, Doing>("inbox.list", "inboxes");
  return (
    <Page
      about="Where conversations begin: the websites that show the chat, its hours, and what it says in each language."
      add={mayMake ? { label: "New inbox", command: "inbox.create", onClick: () => setDoing({ do: "make" }) } : null}
      wrong={wrong}
      count={inboxes?.length ?? null}
      icon={<Inbox strokeWidth={1.5} />}
      empty="No inboxes"
    >
      {inboxes?.map((inbox) => (
        <Card key={inbox.id} inbox={inbox} mayChange={mayChange} onDo={setDoing} />
      ))}
      {doing?.do === "make" && <InboxForm inbox={null} onClose={close} />}
      {doing?.do === "edit" && <InboxForm inbox={doing.inbox} onClose={close} />}
      {doing?.do === "prechat" && <PrechatForm inbox={doing.inbox} onClose={close} />}
      {doing?.do === "proactive" && <ProactiveForm inbox={doing.inbox} onClose={close} />}
      {doing?.do === "text" && (
        <TextForm inbox={doing.inbox} name={nameOf(doing.key)} textKey={doing.key} version={doing} onClose={close} />
      )}
      {doing?.do === "removeProactive" && (
        <CommandDialog
          title={`Remove the message “${doing.key}”?`}
          command="inbox.proactive-remove"
          args={() => ({ inbox: doing.inbox.key, key: doing.key })}
          label="Remove"
          danger
          onClose={close}
        >
          {() => <p>Its texts in all languages go with it.</p>}
        </CommandDialog>
      )}
    </Page>
  );
}

interface CardLook {
  inbox: InboxView;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}

function Card({ inbox, mayChange, onDo }: CardLook) {
  const { prechat, proactive } = inbox;
  const keys = [
    ...Object.keys(textNames),
    ...(prechat?.fields.map(({ name }) => `prechat.${name}`) ?? []),
    ...proactive.map(({ key }) => `proactive.${key}`),
  ];
  const asked = [...(prechat?.fields.map(({ name, required }) => `${name}${required ? "*" : ""}`) ?? []), ...(prechat?.teams ?? [])];
  return (
    <section class={styles.card} aria-labelledby={`inbox-${inbox.id}`}>
      <div class={styles.cardHead}>
        <h2 id={`inbox-${inbox.id}`}>{inbox.name}</h2>
        <small>
          team {inbox.team} · hours {inbox.calendar ?? "of the team"} · {inbox.origins.join(", ") || "no website"}
        </small>
        {mayChange && (
          <Button tone="plain" small label={`Change ${inbox.name}`} command="inbox.update" onClick={() => onDo({ do: "edit", inbox })}>
            <Pencil />
          </Button>
        )}
      </div>
      <code class={styles.snippet}>{`<script src="${location.origin}/widget.js" data-inbox="${inbox.key}" async></script>`}</code>
      <div class={styles.sub}>
        <h3>Texts</h3>
        <ul>
          {keys.map((key) => (
            <Texts key={key} inbox={inbox} textKey={key} mayChange={mayChange} onDo={onDo} />
          ))}
        </ul>
      </div>
      <div class={styles.sub}>
        <h3>
          Asked before the first message
          {mayChange && (
            <Button
              tone="plain"
              small
              label="Change what is asked first"
              command="inbox.prechat"
              onClick={() => onDo({ do: "prechat", inbox })}
            >
              <Pencil />
            </Button>
          )}
        </h3>
        <p class={parts.hint}>{asked.length === 0 ? "Nothing: the visitor writes at once." : asked.join(", ")}</p>
      </div>
      <div class={styles.sub}>
        <h3>
          Messages beside the launcher
          {mayChange && (
            <Button tone="plain" small tip="Add a message" command="inbox.proactive" onClick={() => onDo({ do: "proactive", inbox })}>
              <MessageSquarePlus aria-hidden="true" /> Add
            </Button>
          )}
        </h3>
        {proactive.length === 0 && <p class={parts.hint}>None.</p>}
        <ul>
          {proactive.map(({ key, pagePattern, afterSeconds }) => (
            <li key={key}>
              <span>
                <b>{key}</b>{" "}
                <small>
                  on {pagePattern} after {afterSeconds} s
                </small>
              </span>
              {mayChange && (
                <Button
                  tone="plain"
                  small
                  label={`Remove ${key}`}
                  command="inbox.proactive-remove"
                  onClick={() => onDo({ do: "removeProactive", inbox, key })}
                >
                  <Trash2 />
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

/** One text in all the languages in which it is written. */
function Texts({
  inbox,
  textKey,
  mayChange,
  onDo,
}: {
  inbox: InboxView;
  textKey: string;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}) {
  const versions = inbox.texts.filter(({ key }) => key === textKey);
  const name = nameOf(textKey);
  const own = Object.hasOwn(textNames, textKey) && textKey !== "greeting";
  const add = mayChange && (
    <Button
      tone="plain"
      small
      label={`Add a language to ${name}`}
      command="inbox.text"
      onClick={() => onDo({ do: "text", inbox, key: textKey, language: "", text: "" })}
    >
      <Plus />
    </Button>
  );
  if (versions.length === 0)
    return (
      <li>
        <span>
          <b>{name}</b> <small>{own ? "Switchboard's own words" : "none"}</small>
        </span>
        {add}
      </li>
    );
  return (
    <>
      {versions.map(({ language, text }, index) => (
        <li key={language}>
          <span>
            {index === 0 && <b>{name} </b>}
            <small>{language}</small>
            <br />
            <span dir="auto" lang={language}>
              {text}
            </span>
          </span>
          {index === 0 && add}
          {mayChange && (
            <Button
              tone="plain"
              small
              label={`Change ${name}, ${language}`}
              command="inbox.text"
              onClick={() => onDo({ do: "text", inbox, key: textKey, language, text })}
            >
              <Pencil />
            </Button>
          )}
        </li>
      ))}
    </>
  );
}

function nameOf(key: string): string {
  const [group, name] = key.split(".");
  return textNames[key] ?? (group === "prechat" ? `Field ${name ?? ""}` : `Message ${name ?? ""}`);
}
