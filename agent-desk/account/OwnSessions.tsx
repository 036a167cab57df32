import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { browserName } from "../contact/browserName.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import settings from "../settings/Settings.module.css";
import styles from "./Account.module.css";

interface OwnSession {
  id: string;
  userAgent: string;
  address: string;
  activeAt: string;
  current: boolean;
}

/** Where I am signed in; what isn't mine is ended here. */
export function OwnSessions() {
  const [sessions, setSessions] = useState<readonly OwnSession[]>([]);
  const [wrong, setWrong] = useState<string | null>(null);
  const tell = (error: unknown) => setWrong(toldOf(error));
  const load = () =>
    requestAsMe<{ items: OwnSession[] }>({ method: "GET", path: "sessions" }).then(({ items }) => setSessions(items), tell);
  useEffect(() => {
    void load();
  }, []);
  const end = (path: string) => {
    setWrong(null);
    requestAsMe({ method: "DELETE", path }).then(load, tell);
  };
  return (
    <section>
      <h2>Where you are signed in</h2>
      <p>Ten devices at most. End what you don't know, and choose a new password then.</p>
      <Wrong>{wrong}</Wrong>
      <ul class={settings.rows}>
        {sessions.map(({ id, userAgent, address, activeAt, current }) => (
          <li key={id}>
            <span class={settings.what}>
              <b>{browserName(userAgent) || "A program"}</b>
              <small title={exactTime(activeAt)}>
                {address} · {relativeTime(activeAt, Date.now())}
              </small>
            </span>
            {current ? (
              <Chip>this one</Chip>
            ) : (
              <Button small label={`End the session of ${browserName(userAgent)}, ${address}`} onClick={() => end(`sessions/${id}`)}>
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <div class={styles.actions}>
          <Button onClick={() => end("sessions")}>End all others</Button>
        </div>
      )}
    </section>
  );
}
