import { useState } from "preact/hooks";
import { newClientId } from "../../src/client/clientId.ts";
import type { Rating } from "../../src/protocol/rating.ts";
import { maxCommentLength } from "../../src/protocol/rating.ts";
import type { Talk } from "../chat/talk.ts";
import { more } from "../texts/more/moreTexts.ts";
import { errorText, texts } from "../texts/texts.ts";

const changeableMs = 10 * 60_000;
const scores = [1, 2, 3, 4, 5];

/** Asks how it was, once the conversation has ended. */
export function Ended({ talk }: { talk: Talk }) {
  const [changing, setChanging] = useState(false);
  const rating = talk.state.value?.rating;
  if (rating === undefined || changing) return <Rate talk={talk} before={rating} done={() => setChanging(false)} />;
  return (
    <div class="ended">
      <p role="status">
        {more.rated} {more.stars(rating.score)}.
      </p>
      {Date.now() - Date.parse(rating.at) < changeableMs && (
        <button type="button" class="button plain" onClick={() => setChanging(true)}>
          {more.changeRating}
        </button>
      )}
    </div>
  );
}

function Rate({ talk, before, done }: { talk: Talk; before: Rating | undefined; done(): void }) {
  const [score, setScore] = useState(before?.score ?? 0);
  const [comment, setComment] = useState(before?.comment ?? "");
  const [sent, setSent] = useState("");
  const reply = talk.replies.value;
  const refused = reply?.type === "error" && reply.ref === sent ? reply.error : undefined;
  const kept = reply?.type === "rated" && reply.clientId === sent;
  if (kept) queueMicrotask(done);

  function send(event: Event): void {
    event.preventDefault();
    const clientId = newClientId();
    setSent(talk.send({ type: "rate", clientId, score, comment }) ? clientId : "nowhere");
  }

  return (
    <form class="ended rate" onSubmit={send}>
      <fieldset>
        <legend>{more.rate}</legend>
        <div class="scores">
          {scores.map((value) => (
            <label key={value} class={value === score ? "on" : ""}>
              <input type="radio" name="score" class="unseen" checked={value === score} onChange={() => setScore(value)} />
              <span aria-hidden="true">{value}</span>
              <span class="unseen">
                {more.stars(value)}
                {value === 1 ? `, ${more.worst}` : value === 5 ? `, ${more.best}` : ""}
              </span>
            </label>
          ))}
        </div>
        <p class="small muted ends" aria-hidden="true">
          <span>{more.worst}</span>
          <span>{more.best}</span>
        </p>
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            rows={2}
            dir="auto"
            maxLength={maxCommentLength}
            placeholder={more.rateComment}
            aria-label={more.rateComment}
            value={comment}
            onInput={({ currentTarget }) => setComment(currentTarget.value)}
          />
          <button type="submit" class="button primary">
            {more.sendRating}
          </button>
        </>
      )}
      {(refused !== undefined || sent === "nowhere") && (
        <p class="small bad" role="alert">
          {refused === undefined
            ? texts.noConnection
            : before !== undefined && refused.code === "conflict"
              ? more.ratedBefore
              : errorText(refused)}
        </p>
      )}
    </form>
  );
}
