import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import parts from "../look/parts.module.css";
import { now } from "../shell/now.ts";
import styles from "./Person.module.css";
import type { OfferDecision, WaitingNow } from "./routingDecisions.ts";

/** To whom it was offered, why to them, and why not to the others. */
export function Routing({ waiting, offers }: { waiting: WaitingNow | null; offers: OfferDecision[] }) {
  if (waiting === null && offers.length === 0) return null;
  return (
    <section class={styles.section}>
      <h2>
        To whom it was offered <span class={parts.command}>conversation.why</span>
      </h2>
      {waiting !== null && <Waiting waiting={waiting} />}
      <ol class={styles.why}>
        {offers.map((offer) => (
          <li key={`${offer.at} ${offer.to}`}>
            <b>{offer.to}</b>: {outcomes[offer.outcome] ?? "is asked now"}
            <small>
              {offer.sender === "" ? offer.because : `transferred by ${offer.sender}`}
              {" · "}
              <time dateTime={offer.at} title={exactTime(offer.at)}>
                {relativeTime(offer.at, now.value)}
              </time>
            </small>
            {offer.others.map((other) => (
              <small key={other}>{other}</small>
            ))}
          </li>
        ))}
      </ol>
    </section>
  );
}

const outcomes: Record<string, string> = {
  accepted: "accepted",
  declined: "declined",
  expired: "did not answer in time",
  dropped: "left before answering",
  withdrawn: "taken by somebody else, or called back",
};

function Waiting({ waiting: { team, position, offeredTo, eligible, others } }: { waiting: WaitingNow }) {
  return (
    <p class={parts.hint}>
      Waits for {team} at position {position}.{" "}
      {offeredTo !== ""
        ? `Offered to ${offeredTo} now.`
        : eligible.length > 0
          ? `${eligible.join(", ")} could take it, and will be asked.`
          : others.length === 0
            ? "The team has no members."
            : "Nobody can be asked now:"}
      {offeredTo === "" && eligible.length === 0 && others.map((other) => <small key={other}>{other}</small>)}
    </p>
  );
}
