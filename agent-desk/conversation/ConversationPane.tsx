import { ArrowLeft, MessageSquareX, MessagesSquare } from "lucide-preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { MacroTold } from "../aids/MacroTold.tsx";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import { Kbd } from "../look/Kbd.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { useReadMentions } from "../mentions/useReadMentions.ts";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { go } from "../shell/route.ts";
import { AlsoWriting } from "./AlsoWriting.tsx";
import { AsideLine } from "./AsideLine.tsx";
import { forgetOldProblem, problem } from "./act.ts";
import { Composer, type ComposerHandle } from "./Composer.tsx";
import styles from "./Conversation.module.css";
import { composing } from "./composing.ts";
import { Head } from "./Head.tsx";
import { Timeline } from "./Timeline.tsx";
import { useMerged, useWhereItWent } from "./useMerged.ts";

/** The conversation that is open, or what to do when none is. */
export function ConversationPane({ id }: { id: string | null }) {
  return (
    <main class={desk.pane} data-part="conversation" aria-label="Conversation">
      {id === null ? <NoneOpen /> : <Opened key={id} id={id} />}
    </main>
  );
}

function Opened({ id }: { id: string }) {
  const { open, discard } = useDesk();
  const conversation = useMemo(() => open(id), [open, id]);
  const composer = useRef<ComposerHandle>(null);
  composing.handle = composer;
  const { head } = conversation.facts.value;
  const generation = head?.generation;
  useEffect(forgetOldProblem, [generation]);
  useReadMentions(id, head !== null);
  const parts = useMerged(head);
  useWhereItWent(head);
  if (conversation.missing.value !== null) return <Missing text={conversation.missing.value} />;
  const wrong = problem.value?.conversation === id ? problem.value.text : null;
  return (
    <>
      {head === null ? <div class={styles.head} /> : <Head head={head} />}
      {head !== null && <AsideLine head={head} />}
      <div class={wrong === null ? undefined : styles.problem}>
        <Wrong>{wrong}</Wrong>
        {wrong !== null && (
          <Button
            small
            tone="plain"
            onClick={() => {
              problem.value = null;
            }}
          >
            Dismiss
          </Button>
        )}
      </div>
      <Timeline
        conversation={conversation}
        parts={parts}
        onEdit={(row) => {
          if (row.clientId !== null) composer.current?.write(row.note ? "note" : "reply", discard(row.clientId));
        }}
      />
      <AlsoWriting conversation={id} />
      <MacroTold conversation={id} />
      {head !== null && <Composer head={head} timelines={[conversation, ...parts]} handle={composer} />}
    </>
  );
}

function Missing({ text }: { text: string }) {
  return (
    <div class={desk.empty}>
      <Empty icon={<MessageSquareX strokeWidth={1.5} />} title="This conversation can't be shown">
        <p>{text}</p>
        <Button small onClick={() => go({ conversation: null })}>
          <ArrowLeft /> Back to the list
        </Button>
      </Empty>
    </div>
  );
}

function NoneOpen() {
  return (
    <div class={desk.empty}>
      <Empty icon={<MessagesSquare strokeWidth={1.5} />} title="No conversation is open">
        <p>
          Choose one from the list, press <Kbd>T</Kbd> to take the next one, or <Kbd>?</Kbd> for every shortcut.
        </p>
      </Empty>
    </div>
  );
}
