import { useState } from "preact/hooks";
import type { Away } from "../../src/protocol/inbox.ts";
import { language } from "../texts/texts.ts";
import css from "./away.css?inline";
import { awayWords, openingText } from "./awayWords.ts";
import { addStyle } from "./style.ts";
import type { Talk } from "./talk.ts";

addStyle(css);

/** That no person answers at the moment, until when, and where the answer may go. Fetched when it is first so. */
export function AwayBar({ talk, away }: { talk: Talk; away: Away }) {
  const [email, setEmail] = useState("");
  const words = awayWords[language];
  const leave = (event: Event) => {
    event.preventDefault();
    talk.leaveMail(email);
  };
  return (
    <div class="bar away">
      <p role="status">
        {away.text}
        {away.until !== undefined && <b> {words.back(openingText(language, away.until, Date.now()))}</b>}
        {away.mailKnown && ` ${words.kept}`}
      </p>
      {!away.mailKnown && (
        <form onSubmit={leave} noValidate>
          <label>
            <span>{words.ask}</span>
            <input
              type="email"
              autocomplete="email"
              placeholder={words.email}
              value={email}
              required
              maxLength={254}
              aria-invalid={talk.trouble.value !== undefined}
              onInput={(event) => setEmail(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="button" disabled={email.trim() === "" || talk.status.value !== "open"}>
            {words.leave}
          </button>
        </form>
      )}
    </div>
  );
}
