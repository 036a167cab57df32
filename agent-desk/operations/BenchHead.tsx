import type { OperationView } from "../../src/protocol/operations.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import benchStyles from "./Bench.module.css";
import listStyles from "./Operations.module.css";

/** What it is busy with. */
export type Doing = "saving" | "publishing" | "trying" | null;

interface HeadLook {
  title: string;
  stored: OperationView | null;
  isChanged: boolean;
  doing: Doing;
  onTry: () => void;
  onSave: () => void;
  onPublish: () => void;
  onDiscard: () => void;
}

/** What it is called, what of it runs, and what can be done with it next. */
export function BenchHead({ title, stored, isChanged, doing, onTry, onSave, onPublish, onDiscard }: HeadLook) {
  const next = stored === null ? 1 : isChanged ? stored.latest + 1 : stored.latest;
  const isPublished = stored !== null && !isChanged && stored.published === stored.latest;
  return (
    <div class={benchStyles.benchHead}>
      <h2 class={stored === null ? undefined : listStyles.name}>{title}</h2>
      {stored !== null && (stored.published === null ? <Chip>not published</Chip> : <Chip tone="good">published v{stored.published}</Chip>)}
      {isChanged && <Chip tone="accent">draft, not saved</Chip>}
      <span class={benchStyles.grow} />
      {isChanged && (
        <Button small tone="plain" tip="Forget what isn't saved" onClick={onDiscard}>
          Discard
        </Button>
      )}
      <Button small disabled={doing !== null} command="operation.try" tip="Runs it once, as it stands" keys="Ctrl ↵" onClick={onTry}>
        {doing === "trying" ? "Trying…" : "Try"}
      </Button>
      {(isChanged || stored === null) && (
        <Button
          small
          disabled={doing !== null}
          command={stored === null ? "operation.create" : "operation.update"}
          tip="Nobody runs it before it is published"
          keys="Ctrl S"
          onClick={onSave}
        >
          {doing === "saving" ? "Saving…" : "Save"}
        </Button>
      )}
      {!isPublished && (
        <Button
          small
          tone="primary"
          disabled={doing !== null}
          command="operation.publish"
          tip={isChanged ? "Saves it, and lets people run it" : "Lets people run it"}
          onClick={onPublish}
        >
          {doing === "publishing" ? "Publishing…" : `Publish v${next}`}
        </Button>
      )}
    </div>
  );
}
