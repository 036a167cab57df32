import { useState } from "preact/hooks";
import { newClientId } from "../../src/client/clientId.ts";
import type { Talk } from "../chat/talk.ts";
import { more } from "../texts/more/moreTexts.ts";
import { errorText, texts } from "../texts/texts.ts";

/** Mails the conversation to the address that is known; where none is, it asks for one. */
export function MailTranscript({ talk }: { talk: Talk }) {
  const [asked, setAsked] = useState({ clientId: "", email: "" });
  const [typed, setTyped] = useState("");
  const [offline, setOffline] = useState(false);
  const reply = talk.replies.value;
  const sent = reply?.type === "transcript" && reply.clientId === asked.clientId;
  const refused = reply?.type === "error" && reply.ref === asked.clientId ? reply.error : undefined;
  const ask = (email: string) => {
    const clientId = newClientId();
    setAsked({ clientId, email });
    setOffline(!talk.send({ type: "transcript", clientId, ...(email === "" ? {} : { email }) }));
  };

  if (sent)
    return (
      <p class="told" role="status">
        {more.mailed(reply.email)}
      </p>
    );
  const wantsAddress = refused?.path === "email";
  const wrong = wantsAddress ? asked.email !== "" && more.notEmail : refused !== undefined && errorText(refused);
  return (
    <>
      {wantsAddress ? (
        <form
          class="told"
          onSubmit={(event) => {
            event.preventDefault();
            ask(typed.trim());
          }}
        >
          <label>
            {more.mailAddress}
            <input
              ref={(field) => field?.focus()}
              type="text"
              inputMode="email"
              autocomplete="email"
              dir="ltr"
              value={typed}
              onInput={({ currentTarget }) => setTyped(currentTarget.value)}
            />
          </label>
          <button type="submit">{more.submit}</button>
        </form>
      ) : (
        <button type="button" onClick={() => ask("")}>
          {more.mailTranscript}
        </button>
      )}
      {(wrong || offline) && (
        <p class="told bad" role="alert">
          {offline ? texts.noConnection : wrong}
        </p>
      )}
    </>
  );
}
