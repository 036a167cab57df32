import { useState } from "preact/hooks";
import { problem, takeNext } from "../conversation/act.ts";
import type { DeskState } from "../live/deskState.ts";
import { Button } from "../look/Button.tsx";
import { Kbd } from "../look/Kbd.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { go } from "../shell/route.ts";
import styles from "./List.module.css";
import { toTakeFirst } from "./views.ts";
import { waited } from "./waiting.ts";

/** Takes whoever has waited longest, and opens it. */
export async function takeNextAndOpen({ conversations, account }: Pick<DeskState, "conversations" | "account">): Promise<void> {
  const id = await takeNext(conversations.all(), account.id);
  if (id !== null) go({ view: "mine", conversation: id });
}

/** The foot of the list: who waits, and the button for it. */
export function TakeNext() {
  const desk = useDesk();
  const [busy, setBusy] = useState(false);
  desk.conversations.revision.value;
  const [first] = toTakeFirst(desk.conversations.all(), desk.account.id);
  const take = async () => {
    setBusy(true);
    await takeNextAndOpen(desk);
    setBusy(false);
  };
  const wrong = problem.value?.conversation === null ? problem.value.text : null;
  return (
    <div class={styles.next}>
      <div>
        {wrong === null &&
          (first === undefined ? "Nobody waits in the queue" : <NextInLine name={first.contact.name} since={first.queuedAt} />)}
        <Wrong>{wrong}</Wrong>
      </div>
      <Button
        small
        disabled={first === undefined || busy}
        command="conversation.take"
        tip="Take whoever waits longest"
        keys="T"
        onClick={take}
      >
        {busy ? "Taking…" : "Take next"} <Kbd>T</Kbd>
      </Button>
    </div>
  );
}

function NextInLine({ name, since }: { name: string; since: string | null }) {
  return (
    <>
      Next:{" "}
      <b>
        <bdi>{name}</bdi>
      </b>
      {since !== null && `, waits ${waited(since, now.value)}`}
    </>
  );
}
