import { AlarmClock, Eye } from "lucide-preact";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { untilWhen } from "../inbox/waiting.ts";
import { namesOf } from "../live/lookers.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Conversation.module.css";

/** What else is to be known of a conversation, under its head; mostly nothing. */
export function AsideLine({ head }: { head: ConversationHead }) {
  const here = useDesk().lookers.value.get(head.id) ?? [];
  const { snoozedUntil } = head;
  if (here.length === 0 && snoozedUntil === undefined) return null;
  return (
    <div class={styles.aside}>
      {snoozedUntil !== undefined && (
        <span title={exactTime(snoozedUntil)}>
          <AlarmClock aria-hidden="true" /> Snoozed until {untilWhen(snoozedUntil)}
        </span>
      )}
      {here.length > 0 && (
        <span title="They have this conversation on their page">
          <Eye aria-hidden="true" /> {namesOf(here)} {here.length === 1 ? "looks" : "look"} at it
        </span>
      )}
    </div>
  );
}
