import { useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { request } from "../session/request.ts";
import { SignInCard } from "../session/SignInCard.tsx";
import { toldOf } from "../session/toldOf.ts";
import account from "./Account.module.css";
import { leaveDoor } from "./door.ts";

/** Confirms the reset of a second factor that an admin began. Opening the link does nothing yet: mail programs open links too. */
export function ConfirmReset({ token }: { token: string }) {
  const [state, setState] = useState<{ resetAt: string } | { wrong: string | null }>({ wrong: null });
  const confirm = async () => {
    try {
      setState(await request<{ resetAt: string }>({ method: "POST", path: "account/second-factor/reset", body: { token } }));
    } catch (error) {
      setState({ wrong: toldOf(error) });
    }
  };
  const back = (
    <Button tone="plain" onClick={() => leaveDoor()}>
      Back to sign in
    </Button>
  );
  if ("resetAt" in state)
    return (
      <SignInCard
        title="Your second factor will be reset"
        lead={`It counts no more from ${exactTime(state.resetAt)}. Signing in with it before stops that.`}
      >
        <div class={account.told} role="status">
          {back}
        </div>
      </SignInCard>
    );
  return (
    <SignInCard
      title="Reset your second factor"
      lead="Only if your phone and your recovery codes are lost. A day later you are asked to set up another one."
    >
      <div class={account.told}>
        <Wrong>{state.wrong}</Wrong>
        <Button tone="primary" onClick={confirm}>
          Reset my second factor
        </Button>
        {back}
      </div>
    </SignInCard>
  );
}
