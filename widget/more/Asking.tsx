import { useEffect, useRef } from "preact/hooks";
import { Fill } from "../../src/client/blocks/FormSheet.tsx";
import type { ErrorBody } from "../../src/protocol/errors.ts";
import type { FormField, FormValues } from "../../src/protocol/forms.ts";
import type { Prechat, PublicInbox } from "../../src/protocol/inbox.ts";
import type { PanelParts } from "../chat/panelParts.ts";
import { lacksAnswers, type Talk } from "../chat/talk.ts";
import { blockWords, more } from "../texts/more/moreTexts.ts";
import { errorText, language } from "../texts/texts.ts";

const team = "team to speak with";
const againAfterMs = 5_000;

/**
 * What the inbox wants to know before the first message. A page that is older than the form asks for it; what was refused for want of it
 * is said again once it is answered.
 */
export function Asking({ talk, prechat, inbox, socketUrl }: Pick<PanelParts, "talk" | "prechat" | "inbox" | "socketUrl">) {
  const reply = talk.replies.value;
  const wrong = reply?.type === "error" && reply.ref === undefined ? reply.error : undefined;
  const [, field] = wrong?.path?.split("prechat.") ?? [];
  const outdated = prechat.value === null || (field !== undefined && prechat.value.fields.every(({ name }) => name !== field));

  useEffect(
    () => () => {
      if (talk.answered.peek()) sayAgain(talk);
    },
    [talk],
  );
  useEffect(() => {
    if (!outdated) return undefined;
    const ask = () =>
      void askFor(inbox, socketUrl).then(
        (asked) => {
          prechat.value = asked;
          if (asked === null) sayAgain(talk);
        },
        () => {},
      );
    ask();
    const again = setInterval(ask, againAfterMs);
    return () => clearInterval(again);
  }, [outdated, talk, prechat, inbox, socketUrl]);
  return prechat.value && <Form talk={talk} prechat={prechat.value} wrong={wrong} />;
}

function sayAgain(talk: Talk): void {
  for (const post of talk.pending.peek()) if (lacksAnswers(post)) talk.retry(post.clientId);
}

/** Not from the cache: there it is as old as the page. */
async function askFor(inbox: string, socketUrl: string): Promise<Prechat | null> {
  const address = new URL(`../api/v1/inboxes/${encodeURIComponent(inbox)}/public?languages=${language}`, socketUrl.replace(/^ws/, "http"));
  const answer = await fetch(address, { cache: "no-cache" });
  const known: PublicInbox = await answer.json();
  return known.prechat;
}

function Form({ talk, prechat: { title, fields, teams }, wrong }: { talk: Talk; prechat: Prechat; wrong: ErrorBody | undefined }) {
  const choice: FormField[] =
    teams.length > 1 ? [{ name: team, label: more.team, type: "choice", required: true, choices: teams.map(({ name }) => name) }] : [];

  function filled({ [team]: chosen, ...prechat }: FormValues): void {
    const key = teams.find(({ name }) => name === chosen)?.key;
    talk.greet({ prechat, ...(key === undefined ? {} : { team: key }) });
  }

  // Who pressed a button or wrote is led to what it waits for.
  const place = useRef<HTMLDivElement>(null);
  const waits = talk.pending.value.some(lacksAnswers);
  useEffect(() => {
    if (waits) place.current?.querySelector<HTMLElement>("input, textarea, select")?.focus();
  }, [waits]);

  return (
    <div class="asking" ref={place}>
      <Fill title={title || more.prechat} fields={[...fields, ...choice]} submit={more.begin} words={blockWords()} filled={filled} />
      {wrong && (
        <p class="small bad" role="alert">
          {errorText(wrong)}
        </p>
      )}
    </div>
  );
}
