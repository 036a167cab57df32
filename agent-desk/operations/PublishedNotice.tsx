import { signal } from "@preact/signals";
import { CircleCheck, Play, X } from "lucide-preact";
import { useState } from "preact/hooks";
import type { OperationView } from "../../src/protocol/operations.ts";
import { CommandForm } from "../commands/CommandForm.tsx";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import styles from "./Bench.module.css";
import type { Draft } from "./draft.ts";
import { lineOf } from "./parameterWords.ts";

/** The name of what was published a moment ago, until somebody has read it. */
export const justPublished = signal<string | null>(null);

interface NoticeLook {
  stored: OperationView;
  draft: Draft;
  values: Readonly<Record<string, string>>;
}

/** Says how it is run, and lets one do so at once. */
export function PublishedNotice({ stored, draft, values }: NoticeLook) {
  const [isRunning, setRunning] = useState(false);
  if (justPublished.value !== stored.name || stored.published === null) return null;
  const whom = stored.sharedWith.length === 0 ? " Share it, and others may run it too." : "";
  return (
    <div class={`${parts.notice} ${styles.published}`} role="status">
      <CircleCheck aria-hidden="true" />
      <span class={parts.grow}>
        Version {stored.published} runs now: write <b>{lineOf(stored.name, draft.parameters, values)}</b> in the command bar, in the chat or
        in the admin chat.{whom}
      </span>
      <Button small onClick={() => setRunning(true)}>
        <Play aria-hidden="true" /> Run it
      </Button>
      <Button
        small
        tone="plain"
        label="I have read it"
        onClick={() => {
          justPublished.value = null;
        }}
      >
        <X />
      </Button>
      {isRunning && <CommandForm name={stored.name} begin={{ ...values }} onClose={() => setRunning(false)} />}
    </div>
  );
}
