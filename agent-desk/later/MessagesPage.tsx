import { MailPlus, Pencil } from "lucide-preact";
import { useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { ScheduledState, ScheduledView } from "../../src/protocol/messages.ts";
import { serviceName } from "../channels/channels.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip, type Tone } from "../look/Chip.tsx";
import { ItemMenu } from "../look/ItemMenu.tsx";
import { TextField } from "../settings/fields.tsx";
import { Page } from "../settings/Page.tsx";
import settings from "../settings/Settings.module.css";
import { useCommandData } from "../settings/useCommandData.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Later.module.css";
import { MessageForm } from "./MessageForm.tsx";
import { asLocal, fromLocal, inWords } from "./times.ts";

type Doing = { do: "edit" | "move" | "cancel"; message: ScheduledView } | null;

const words: Record<ScheduledState, string> = {
  waiting: "waits",
  going: "on its way",
  sent: "sent",
  failed: "failed",
  cancelled: "cancelled",
};
const tones: Record<ScheduledState, Tone | undefined> = {
  waiting: "accent",
  going: "accent",
  sent: "good",
  failed: "bad",
  cancelled: undefined,
};

/** What goes later, to whom and when; until then it can be changed, moved and taken back. */
export function MessagesPage() {
  const { data: messages, wrong, again } = useCommandData<ScheduledView>("message.scheduled", "messages");
  const [doing, setDoing] = useState<Doing>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const close = () => {
    setDoing(null);
    again();
  };
  const retry = ({ id }: ScheduledView) =>
    runCommand("message.retry", { message: id }).then(
      () => {
        setRefused(null);
        again();
      },
      (error: unknown) => setRefused(sentence(error)),
    );
  return (
    <>
      <Page
        about="Messages that operations send later, or to many. Until one goes, it can be changed, moved and taken back. What went or was cancelled stands here for 30 days."
        wrong={wrong ?? refused}
        count={messages?.length ?? null}
        icon={<MailPlus strokeWidth={1.5} />}
        empty="No message waits"
        emptyHint="An operation of the kind message sends one later where it says when."
      >
        <ul class={settings.rows}>
          {messages?.map((message) => (
            <Row key={message.id} message={message} onDo={(what) => setDoing({ do: what, message })} onRetry={() => void retry(message)} />
          ))}
        </ul>
      </Page>
      {doing?.do === "edit" && <MessageForm message={doing.message} onClose={close} />}
      {doing?.do === "move" && <MoveDialog message={doing.message} onClose={close} />}
      {doing?.do === "cancel" && (
        <CommandDialog
          title="Take this message back?"
          command="message.cancel"
          args={() => ({ message: doing.message.id })}
          label="Don't send it"
          danger
          onClose={close}
        >
          {() => (
            <p>
              {doing.message.state === "going"
                ? `${doing.message.sent} of ${doing.message.recipients} have it already; nobody else gets it.`
                : `It is never sent, to nobody of ${toInWords(doing.message)}.`}
            </p>
          )}
        </CommandDialog>
      )}
    </>
  );
}

interface RowLook {
  message: ScheduledView;
  onDo: (what: "edit" | "move" | "cancel") => void;
  onRetry: () => void;
}

function Row({ message, onDo, onRetry }: RowLook) {
  const { account } = useDesk();
  const { by, channel, subject, sample, text, state, error, at, sender } = message;
  const isMine = sender.id === account.id;
  const change = [
    { label: "Send at another time", command: "message.reschedule", onClick: () => onDo("move") },
    { label: "Take it back", command: "message.cancel", onClick: () => onDo("cancel") },
  ];
  return (
    <li class={styles.row}>
      <span class={settings.what}>
        <b dir="auto">{subject ?? sample ?? text}</b>
        <small>
          {channel === null ? byWords[by] : serviceName(channel)} to {toInWords(message)} ·{" "}
          <time dateTime={at} title={exactTime(at)}>
            {inWords(at)}
          </time>
          {!isMine && ` · ${sender.name}`}
          {reachedInWords(message)}
        </small>
        {error !== null && <small class={styles.bad}>{error}</small>}
      </span>
      <Chip tone={tones[state]}>{words[state]}</Chip>
      {state === "failed" && (
        <Button small command="message.retry" tip="Send it now to those who did not get it" onClick={onRetry}>
          Try again
        </Button>
      )}
      {state === "waiting" && isMine && (
        <Button tone="plain" small label="Change what it says" command="message.edit" onClick={() => onDo("edit")}>
          <Pencil />
        </Button>
      )}
      {state === "waiting" && <ItemMenu label="What else can be done with it" items={change} />}
      {(state === "failed" || state === "going") && <ItemMenu label="What else can be done with it" items={change.slice(1)} />}
    </li>
  );
}

const byWords: Record<ScheduledView["by"], string> = {
  mail: "Mail",
  notice: "Notice",
  chat: "Chat",
  channel: "Message",
  reply: "Reply",
  note: "Note",
};

/** How far it is, or whom it missed; nothing where there is nothing more to say. */
function reachedInWords({ state, sent, failed, uncertain, recipients }: ScheduledView): string {
  if (state === "going") return ` · ${sent} of ${recipients} sent${failed > 0 ? `, ${failed} not` : ""}`;
  const missed = [...(failed > 0 ? [`${failed} not`] : []), ...(uncertain > 0 ? [`of ${uncertain} it isn't known`] : [])];
  return missed.length === 0 ? "" : ` · ${[`${sent} sent`, ...missed].join(", ")}`;
}

function toInWords({ names, recipients }: ScheduledView): string {
  const shown = names.slice(0, 3).join(", ");
  return recipients > 3 ? `${shown} and ${recipients - 3} more` : shown || "nobody";
}

function MoveDialog({ message, onClose }: { message: ScheduledView; onClose: () => void }) {
  const [at, setAt] = useState(asLocal(message.at));
  return (
    <CommandDialog
      title="Send it at another time"
      command="message.reschedule"
      args={() => ({ message: message.id, at: fromLocal(at) })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <TextField
          id="message-at"
          type="datetime"
          label="When, in your time"
          hint="What is past is now."
          wrong={wrongOf("at")}
          value={at}
          onInput={setAt}
        />
      )}
    </CommandDialog>
  );
}
