import { Mail } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { now } from "../shell/now.ts";
import styles from "./Notices.module.css";

/** A mail as `mail.list` tells it. */
interface MailListing {
  id: string;
  to: string;
  subject: string;
  state: "waiting" | "sent" | "dead";
  lastError: string | null;
  createdAt: string;
  dueAt: string | null;
}

interface MailList {
  mails: MailListing[];
  off: string | null;
}

function isList(data: unknown): data is MailList {
  return typeof data === "object" && data !== null && "mails" in data && Array.isArray(data.mails);
}

const states = { waiting: "Waits", sent: "Sent", dead: "Given up" };

/** What became of the mail that went out. */
export function MailPage() {
  const [list, setList] = useState<MailList | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const load = () =>
    runCommand("mail.list", {}).then(
      ({ data }) => setList(isList(data) ? data : null),
      (error: unknown) => setWrong(sentence(error)),
    );
  useEffect(() => {
    load();
  }, []);
  const retry = async (mail: string) => {
    try {
      await runCommand("mail.retry", { mail });
      setWrong(null);
    } catch (error) {
      setWrong(sentence(error));
    }
    await load();
  };
  return (
    <div class={styles.page}>
      <Wrong>{wrong}</Wrong>
      {list === null ? (
        wrong === null && <span class={parts.skeleton} />
      ) : (
        <>
          <p class={parts.hint}>
            {list.off ?? "Mails that went out, the newest first. What can't be sent now is tried again for a day."}{" "}
            <span class={parts.command}>mail.list</span>
          </p>
          {list.mails.length === 0 ? (
            <Empty icon={<Mail strokeWidth={1.5} />} title="No mail yet">
              <p>Answers to visitors who left, transcripts and notices stand here once they go out.</p>
            </Empty>
          ) : (
            <ul class={styles.mails}>
              {list.mails.map((mail) => (
                <Listed key={mail.id} mail={mail} onRetry={() => retry(mail.id)} />
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  );
}

function Listed({ mail: { to, subject, state, lastError, createdAt, dueAt }, onRetry }: { mail: MailListing; onRetry: () => void }) {
  return (
    <li>
      <b>{subject}</b>
      <small>
        To {to} ·{" "}
        <time dateTime={createdAt} title={exactTime(createdAt)}>
          {relativeTime(createdAt, now.value)}
        </time>
      </small>
      {lastError !== null && (
        <small class={state === "dead" ? styles.bad : undefined}>
          {lastError}
          {dueAt !== null && ` It is tried again at ${new Date(dueAt).toLocaleTimeString()}.`}
        </small>
      )}
      {state === "sent" ? (
        <Chip>{states[state]}</Chip>
      ) : (
        <span>
          <Chip>{states[state]}</Chip>{" "}
          <Button small command="mail.retry" tip="Send it now" onClick={onRetry}>
            Try again
          </Button>
        </span>
      )}
    </li>
  );
}
