import { Fill } from "../../src/client/blocks/FormSheet.tsx";
import type { FormField, FormValues } from "../../src/protocol/forms.ts";
import type { Prechat } from "../../src/protocol/inbox.ts";
import type { Talk } from "../chat/talk.ts";
import { blockWords, more } from "../texts/more/moreTexts.ts";
import { errorText } from "../texts/texts.ts";

const team = "team to speak with";

/** What the inbox wants to know before the first message, and with whom the visitor wants to speak. */
export function Asking({ talk, prechat: { title, fields, teams } }: { talk: Talk; prechat: Prechat }) {
  const choice: FormField[] =
    teams.length > 1 ? [{ name: team, label: more.team, type: "choice", required: true, choices: teams.map(({ name }) => name) }] : [];
  const reply = talk.replies.value;

  function filled({ [team]: chosen, ...prechat }: FormValues): void {
    const key = teams.find(({ name }) => name === chosen)?.key;
    talk.greet({ prechat, ...(key === undefined ? {} : { team: key }) });
  }

  return (
    <div class="asking">
      <Fill title={title || more.prechat} fields={[...fields, ...choice]} submit={more.begin} words={blockWords()} filled={filled} />
      {reply?.type === "error" && reply.ref === undefined && (
        <p class="small bad" role="alert">
          {errorText(reply.error)}
        </p>
      )}
    </div>
  );
}
