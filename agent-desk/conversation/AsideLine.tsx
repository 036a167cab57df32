import { AlarmClock, Eye, ShieldOff, Users } from "lucide-preact";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { untilWhen } from "../inbox/waiting.ts";
import { namesOf } from "../live/lookers.ts";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Conversation.module.css";

/** What else is to be known of a conversation, under its head; mostly nothing. */
export function AsideLine({ head }: { head: ConversationHead }) {
  const here = useDesk().lookers.value.get(head.id) ?? [];
  const { snoozedUntil, participants = [], muted } = head;
  if (here.length === 0 && snoozedUntil === undefined && participants.length === 0 && muted === undefined) return null;
  return (
    <div class={styles.aside}>
      {snoozedUntil !== undefined && (
        <span title={exactTime(snoozedUntil)}>
          <AlarmClock aria-hidden="true" /> Snoozed until {untilWhen(snoozedUntil)}
        </span>
      )}
      {muted !== undefined && muted !== "merged" && (
        <span title="What its visitor writes is kept, and calls nobody">
          <ShieldOff aria-hidden="true" /> {muted === "spam" ? "Marked as spam" : "The visitor is blocked"}
        </span>
      )}
      {participants.length > 0 && (
        <span title="Invited; they may answer too">
          <Users aria-hidden="true" /> <bdi>{participants.map(({ name }) => name).join(", ")}</bdi>{" "}
          {participants.length === 1 ? "takes" : "take"} part
        </span>
      )}
      {here.length > 0 && (
        <span title="They have this conversation on their page">
          <Eye aria-hidden="true" /> <bdi>{namesOf(here)}</bdi> {here.length === 1 ? "looks" : "look"} at it
        </span>
      )}
    </div>
  );
}
