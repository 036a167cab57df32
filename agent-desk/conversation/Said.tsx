import { Check, CheckCheck, Clock, Lock, TriangleAlert } from "lucide-preact";
import { Marked } from "../../src/client/Marked.tsx";
import { exactTime } from "../../src/client/relativeTime.ts";
import { textWithoutFiles } from "../../src/protocol/files.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import { NoteText } from "../mentions/NoteText.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { Blocks } from "./Blocks.tsx";
import { composing } from "./composing.ts";
import type { ReplyRight } from "./mayReply.ts";
import { SaidActions } from "./SaidActions.tsx";
import styles from "./Timeline.module.css";
import type { SaidRow } from "./timelineRows.ts";
import { Unsendable } from "./Unsendable.tsx";

interface SaidLook {
  row: SaidRow;
  /** The one on the page. */
  conversation: string;
  /** Whether I may write to the customer now. */
  right: ReplyRight;
  /** Puts the text of what failed back into the composer. */
  onEdit: (row: SaidRow) => void;
}

const underWay = new Set<SaidRow["mark"]>(["held", "sending", "waiting"]);

/** Something that somebody said. A note stands on its own colour, with a lock and its word: no glance takes it for a reply. */
export function Said({ row, conversation, right, onEdit }: SaidLook) {
  const state = row.mark === "failed" ? styles.failed : underWay.has(row.mark) ? styles.waiting : undefined;
  const look = [styles.said, row.continued && styles.continued, row.note && styles.note, state].filter(Boolean).join(" ");
  const { changedAt, deleted, reactions = [] } = row.changed ?? {};
  const text = deleted === undefined ? textWithoutFiles(row.text, row.blocks) : `Deleted by ${deleted.by}`;
  return (
    <li class={look} data-row={row.key}>
      {row.continued ? <span /> : <Head row={row} />}
      <div class={styles.body} dir="auto" title={row.continued ? exactTime(row.at) : undefined}>
        {row.note ? (
          <NoteText text={text} mentions={row.mentions} />
        ) : (
          <Marked text={text} elsewhere="opens in a new tab" marks={row.author.kind !== "visitor"} />
        )}
        <Blocks blocks={row.blocks} />
        {changedAt !== undefined && (
          <p class={styles.meta} title={exactTime(changedAt)}>
            edited
          </p>
        )}
        {reactions.length > 0 && (
          <p class={styles.meta}>{reactions.map(({ emoji, names }) => `${emoji} ${names.join(", ")}`).join(" · ")}</p>
        )}
      </div>
      {row.seq !== undefined && deleted === undefined && <SaidActions row={row} conversation={row.from ?? conversation} seq={row.seq} />}
      <Trouble row={row} right={right} onEdit={onEdit} />
    </li>
  );
}

function Head({ row }: { row: SaidRow }) {
  const bot = row.author.kind === "bot";
  return (
    <>
      <span class={styles.avatarPlace}>
        <Avatar name={row.author.name} kind={bot ? "bot" : "person"} />
      </span>
      <div class={styles.who}>
        <b>
          <bdi>{row.mine ? "You" : row.author.name}</bdi>
        </b>{" "}
        <span class={styles.meta}>
          <time dateTime={row.at} title={exactTime(row.at)}>
            {clock.format(Date.parse(row.at))}
          </time>
          {row.note && (
            <>
              {" · "}
              <Lock aria-hidden="true" /> internal note
            </>
          )}
          {row.place !== undefined && (
            <>
              {" · "}
              {row.author.kind === "visitor" ? "merged" : `to ${row.place}`}
            </>
          )}
          {row.command !== null && (
            <>
              {" · ran "}
              <code>{row.command}</code>
            </>
          )}
          {!row.note && <Delivery mark={row.mark} />}
        </span>
      </div>
    </>
  );
}

const reached = {
  sent: "Stored; the visitor sees it when they come back",
  delivered: "It is on the visitor's page; they have not read it yet",
  read: "The visitor has read it",
};

function Delivery({ mark }: { mark: SaidRow["mark"] }) {
  if (mark !== "sent" && mark !== "delivered" && mark !== "read") return null;
  return (
    <span title={reached[mark]}>
      {` · ${mark} `}
      {mark === "sent" ? <Check aria-hidden="true" /> : <CheckCheck aria-hidden="true" class={mark === "read" ? styles.seen : undefined} />}
    </span>
  );
}

function Trouble({ row, right, onEdit }: Omit<SaidLook, "conversation">) {
  const { retry, connected, undo, sendNow, discard } = useDesk();
  const { clientId } = row;
  if (row.mark === "held" && clientId !== null) {
    return (
      <div class={styles.trouble} role="status">
        <Clock aria-hidden="true" /> Goes out in a moment
        <Button
          small
          tip="Take it back into the composer"
          keys="Ctrl Z"
          onClick={() => {
            const text = undo(clientId);
            if (text !== undefined) composing.handle.current?.write("reply", text);
          }}
        >
          Undo
        </Button>
        <Button small tone="plain" keys="↵" onClick={() => sendNow()}>
          Send now
        </Button>
      </div>
    );
  }
  if (row.mark === "waiting") {
    return (
      <div class={styles.trouble} role="status">
        <Clock aria-hidden="true" />
        {row.awaits === true
          ? "Uploading the files"
          : connected.value
            ? "Not confirmed yet, still trying"
            : "Waiting for the network, will be sent"}
      </div>
    );
  }
  if (row.mark !== "failed" || clientId === null) return null;
  return (
    <div class={`${styles.trouble} ${styles.bad}`} role="alert">
      <TriangleAlert aria-hidden="true" />
      <span>Not sent: {row.error?.message}</span>
      {!row.note && !right.may ? (
        // The composer takes no reply now, and the server none either.
        <Unsendable
          text={row.text}
          onNote={() => composing.handle.current?.write("note", discard(clientId))}
          onDiscard={() => discard(clientId)}
        />
      ) : (
        <>
          {mayHelpAgain(row) && (
            <Button small onClick={() => retry(clientId)}>
              Try again
            </Button>
          )}
          <Button small tone="plain" onClick={() => onEdit(row)}>
            Edit
          </Button>
        </>
      )}
    </div>
  );
}

/** Whether the same words may be taken another time. */
function mayHelpAgain({ awaits, error }: SaidRow): boolean {
  return awaits !== true && error?.code !== "invalid_value" && error?.code !== "client_id_reused";
}

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
