import { useEffect, useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { RecoveryCodesAnswer, SecondFactorAnswer } from "../../src/protocol/access.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { Enrolment } from "../session/Enrolment.tsx";
import { RecoveryCodes } from "../session/RecoveryCodes.tsx";
import factor from "../session/SecondFactor.module.css";
import { requestAsMe } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import styles from "./Settings.module.css";

/** How one's second factor stands, and what can be done with it. */
export function SecondFactorPage() {
  const [standing, setStanding] = useState<SecondFactorAnswer | null>(null);
  const [opened, setOpened] = useState<"enrolment" | readonly string[] | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const tell = (error: unknown) => setWrong(toldOf(error));
  const load = () => requestAsMe<SecondFactorAnswer>({ method: "GET", path: "account/second-factor" }).then(setStanding, tell);
  useEffect(() => {
    void load();
  }, []);
  const close = () => {
    setOpened(null);
    void load();
  };
  const renew = () => {
    setWrong(null);
    requestAsMe<RecoveryCodesAnswer>({ method: "POST", path: "account/second-factor/recovery-codes" }).then(
      ({ recoveryCodes }) => setOpened(recoveryCodes),
      tell,
    );
  };
  return (
    <div class={styles.page}>
      <div class={styles.top}>
        <p>An app on your phone shows a code for each sign-in, so that a password alone opens nothing.</p>
      </div>
      <Wrong>{wrong}</Wrong>
      {standing === null ? wrong === null && <span class={parts.skeleton} style="width: 60%" /> : <Standing {...standing} />}
      {standing !== null && (
        <div class={factor.actions}>
          <Button tone={standing.on && standing.asks === null ? undefined : "primary"} onClick={() => setOpened("enrolment")}>
            {standing.on ? "Set up another authenticator" : "Set up a second factor"}
          </Button>
          {standing.on && <Button onClick={renew}>Make new recovery codes</Button>}
        </div>
      )}
      {opened !== null && (
        <Dialog title={opened === "enrolment" ? "Set up an authenticator" : "New recovery codes"} onClose={close}>
          <div class={popups.dialogBody}>
            {opened === "enrolment" ? (
              <Enrolment otherwise={{ label: "Cancel", onClick: close }} onDone={close} />
            ) : (
              <RecoveryCodes codes={opened} onDone={close} />
            )}
          </div>
        </Dialog>
      )}
    </div>
  );
}

function Standing({ on, since, recoveryCodesLeft, asks, dueAt, resetAt }: SecondFactorAnswer) {
  return (
    <dl class={factor.facts}>
      <dt>Second factor</dt>
      <dd>
        <Chip>{on ? "On" : "Not set up"}</Chip>
        {since !== null && ` since ${exactTime(since)}`}
        {dueAt !== null && ` It must be there by ${exactTime(dueAt)}.`}
      </dd>
      {on && (
        <>
          <dt>Recovery codes</dt>
          <dd>
            {recoveryCodesLeft} of 10 left
            {asks === "renew" && ". One was used to get in: if your phone is lost, set up another authenticator."}
          </dd>
        </>
      )}
      {resetAt !== null && (
        <>
          <dt>Reset</dt>
          <dd>It counts no more from {exactTime(resetAt)}. Signing in with a code stops that.</dd>
        </>
      )}
    </dl>
  );
}
