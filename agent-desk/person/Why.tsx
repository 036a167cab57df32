import { useEffect, useRef, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import { runCommand, sentence } from "../commands/run.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { opened } from "../shell/opened.ts";
import { whyAsked } from "../shell/personPanel.ts";
import { type ControlChange, controlChanges } from "./controlChanges.ts";
import styles from "./Person.module.css";
import { Routing } from "./Routing.tsx";
import { type OfferDecision, offerDecisions, type WaitingNow, waitingNow } from "./routingDecisions.ts";

/** Who answered when, and why it changed: the command `conversation.why`, asked again whenever that changes. */
export function Why({ conversation, generation, offer }: { conversation: string; generation: number; offer: string }) {
  const { connected } = useDesk();
  const [changes, setChanges] = useState<ControlChange[] | null>(null);
  const [routing, setRouting] = useState<{ waiting: WaitingNow | null; offers: OfferDecision[] }>({ waiting: null, offers: [] });
  const [wrong, setWrong] = useState<string | null>(null);
  const online = connected.value;

  useEffect(() => {
    let stale = false;
    if (!online) return;
    runCommand("conversation.why", { conversation })
      .then(({ data }) => {
        if (stale) return;
        setChanges(controlChanges(data));
        setRouting({ waiting: waitingNow(data), offers: offerDecisions(data) });
        setWrong(null);
      })
      .catch((error: unknown) => {
        if (!stale) setWrong(sentence(error));
      });
    return () => {
      stale = true;
    };
  }, [conversation, generation, offer, online]);

  const title = useRef<HTMLHeadingElement>(null);
  // The bar gives the cursor back when it closes: only then it can come here.
  const goThere = whyAsked.value && opened.value === null && changes !== null;
  useEffect(() => {
    if (!goThere) return;
    const soon = setTimeout(() => {
      whyAsked.value = false;
      title.current?.focus({ preventScroll: true });
      title.current?.scrollIntoView({ block: "start" });
    }, 50);
    return () => clearTimeout(soon);
  }, [goThere]);

  return (
    <>
      <Routing {...routing} />
      <section class={styles.section}>
        <h2 ref={title} tabIndex={-1}>
          Who answered <span class={parts.command}>conversation.why</span>
        </h2>
        <Wrong>{wrong}</Wrong>
        {changes === null && wrong === null && <span class={parts.skeleton} style="width: 70%" />}
        {changes?.length === 0 && <p class={parts.hint}>The assistant has answered from the start.</p>}
        <ol class={styles.why}>
          {changes?.map(({ at, to, by, reason }) => (
            <li key={`${at} ${to}`}>
              <b>{to}</b>
              {reason !== "" && `: ${reason}`}
              <small>
                {by !== "" && `by ${by} · `}
                <time dateTime={at} title={exactTime(at)}>
                  {relativeTime(at, now.value)}
                </time>
              </small>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
