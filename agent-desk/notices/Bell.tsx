import { Popover } from "@base-ui/react/popover";
import {
  AtSign,
  Bell as BellIcon,
  Clock,
  HandHelping,
  ListChecks,
  MailWarning,
  MessageSquare,
  Settings,
  Stamp,
  UserPlus,
  Users,
} from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { type NoticeEntry, type NoticeKind, noticeText } from "../../src/protocol/notices.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { runAddress } from "../runs/runsRoute.ts";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { go } from "../shell/route.ts";
import styles from "./Notices.module.css";

const icons: Record<NoticeKind, typeof BellIcon> = {
  offer: HandHelping,
  assigned: UserPlus,
  queue: Users,
  service: Clock,
  mail: MailWarning,
  mention: AtSign,
  approval: Stamp,
  run: ListChecks,
  message: MessageSquare,
};

/** What I should know: a count, and the newest when it is opened. `right` is the rail's, `bottom` the one above the list. */
export function Bell({ side }: { side: "right" | "bottom" }) {
  const { notices } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  // Beside a finger half a list is in the way: the notices take all of it.
  const sheet = side === "bottom";
  const place = useRef<HTMLDivElement>(null);
  const unread = notices.unread.value;
  const entries = notices.entries.value;

  const markRead = (entry?: NoticeEntry) => {
    notices.expectRead(entry === undefined ? entries.map(({ id }) => id) : [entry.id]);
    runCommand("notice.read", entry === undefined ? {} : { notice: entry.id }).then(
      () => setWrong(null),
      (error: unknown) => setWrong(sentence(error)),
    );
  };
  const follow = (entry: NoticeEntry) => {
    if (!entry.read) markRead(entry);
    setOpen(false);
    if (entry.run !== null) location.hash = runAddress(entry.run);
    else if (entry.conversation !== null)
      go({ conversation: entry.conversation, ...(entry.what === "mention" ? { view: "mentions" } : {}) });
  };

  return (
    <div ref={place}>
      <Popover.Root open={isOpen} onOpenChange={setOpen}>
        <Popover.Trigger className={styles.bell} aria-label={unread === 0 ? "Notices" : `Notices, ${unread} not read`} title="Notices">
          <BellIcon strokeWidth={1.7} />
          {unread > 0 && (
            <span class={styles.count} aria-hidden="true">
              {unread > 49 ? "50+" : unread}
            </span>
          )}
        </Popover.Trigger>
        <Popover.Portal container={place}>
          <Popover.Positioner side={side} align="end" sideOffset={8} collisionPadding={sheet ? 0 : 5} className={popups.popup}>
            <Popover.Popup className={`${popups.menu} ${sheet ? styles.sheet : styles.popup}`}>
              <div class={styles.head}>
                <Popover.Title className={styles.title}>Notices</Popover.Title>
                {unread > 0 && (
                  <Button tone="plain" small command="notice.read" tip="Mark all as read" onClick={() => markRead()}>
                    All read
                  </Button>
                )}
                <Button
                  tone="plain"
                  small
                  label="What I am told, and where"
                  command="notice.prefer"
                  onClick={() => {
                    setOpen(false);
                    go({ settings: "notices" });
                  }}
                >
                  <Settings />
                </Button>
              </div>
              <Wrong>{wrong}</Wrong>
              {entries.length === 0 ? (
                <Empty icon={<BellIcon strokeWidth={1.5} />} title="Nothing to know">
                  <p>What is offered or handed to you and who waits too long stands here.</p>
                </Empty>
              ) : (
                <ul class={styles.list}>
                  {entries.map((entry) => (
                    <Notice key={entry.id} entry={entry} onFollow={() => follow(entry)} />
                  ))}
                </ul>
              )}
            </Popover.Popup>
          </Popover.Positioner>
        </Popover.Portal>
      </Popover.Root>
      <p class={styles.hidden} role="status">
        {unread > 0 && entries[0] !== undefined && !entries[0].read ? noticeText(entries[0]) : ""}
      </p>
    </div>
  );
}

function Notice({ entry, onFollow }: { entry: NoticeEntry; onFollow: () => void }) {
  const Icon = icons[entry.what];
  return (
    <li>
      <button type="button" class={`${styles.notice} ${entry.read ? "" : styles.unread}`} onClick={onFollow}>
        <Icon strokeWidth={1.7} aria-hidden="true" />
        <span>
          {noticeText(entry)}
          {!entry.read && <span class={styles.hidden}> (not read)</span>}
        </span>
        <time dateTime={entry.at} title={exactTime(entry.at)}>
          {relativeTime(entry.at, now.value)}
        </time>
      </button>
    </li>
  );
}
