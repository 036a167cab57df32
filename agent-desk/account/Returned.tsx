import { useEffect, useState } from "preact/hooks";
import type { FlowEnded } from "../../src/protocol/access.ts";
import { Button } from "../look/Button.tsx";
import { request } from "../session/request.ts";
import { SignInCard } from "../session/SignInCard.tsx";
import { begun } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";
import { leaveDoor } from "./door.ts";

/** What a provider sent the browser back with: it counts once, so it is brought to the server once, however often the page is drawn. */
const brought = new Map<string, Promise<FlowEnded>>();

function bring(place: string, answer: string): Promise<FlowEnded> {
  const known = brought.get(answer) ?? request<FlowEnded>({ method: "POST", path: "session/provider/return", body: { place, answer } });
  brought.set(answer, known);
  return known;
}

/** The way back from a provider. */
export function Returned({ place, answer }: { place: string; answer: string }) {
  const [told, setTold] = useState<{ title: string; lead: string } | null>(null);
  useEffect(() => {
    bring(place, answer).then(
      ({ done, back, session }) => {
        if (done === "mailed")
          return setTold({
            title: "Look into your mail",
            lead: "A mail is on its way to you: the link in it leads on. Look into the folder for spam too.",
          });
        if (session !== null) begun(session);
        leaveDoor(back === "account" ? "#/settings/account" : "#/");
      },
      (error: unknown) => setTold({ title: "That didn't work", lead: toldOf(error) }),
    );
  }, [place, answer]);
  if (told === null) return <SignInCard title="Signing in" lead="One moment…" children={null} />;
  return (
    <SignInCard title={told.title} lead={told.lead}>
      <div class={account.told} role="status">
        <Button tone="primary" onClick={() => leaveDoor()}>
          Go on
        </Button>
      </div>
    </SignInCard>
  );
}
