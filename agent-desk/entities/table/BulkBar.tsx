import { Trash2, Undo2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { BlueprintView } from "../../../src/protocol/blueprints.ts";
import type { RunAnswer } from "../../../src/protocol/commands.ts";
import type { EntityCount } from "../../../src/protocol/entityGroups.ts";
import { UndoOffer } from "../../answers/UndoOffer.tsx";
import { allowed } from "../../commands/allowed.ts";
import { sentence } from "../../commands/run.ts";
import { underWay } from "../../commands/underWay.ts";
import { Button } from "../../look/Button.tsx";
import { Wrong } from "../../look/Wrong.tsx";
import type { EntityRows } from "../entityRows.ts";
import { BulkDialog } from "./BulkDialog.tsx";
import { type Bulk, type Problem, runBulk } from "./bulk.ts";
import { type Everything, meansAll, mostChosen, whichOf } from "./chosen.ts";
import styles from "./Table.module.css";

interface BulkLook {
  blueprint: BlueprintView;
  rows: EntityRows;
  chosen: ReadonlySet<string>;
  onChosen: (chosen: ReadonlySet<string>) => void;
  isTrash: boolean;
  /** What the list is filtered by, and how many that are. */
  filter: object | null;
  count: EntityCount | null;
}

/** What can be done with all that are chosen, in one run; what was refused stays chosen, and says why. */
export function BulkBar({ blueprint, rows, chosen, onChosen, isTrash, filter, count }: BulkLook) {
  const { key } = blueprint;
  const [doing, setDoing] = useState<Bulk["verb"] | null>(null);
  const [asking, setAsking] = useState<"change" | "step" | "trash" | null>(null);
  const [everything, setEverything] = useState<Everything | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [done, setDone] = useState<{ run: RunAnswer; problems: readonly Problem[] } | null>(null);
  const ids = rows.rows.value.flatMap(({ entity: { id } }) => (chosen.has(id) ? [id] : []));
  const all = meansAll(everything, { chosen, filter });
  const which = whichOf(ids, filter, all);
  const canAct = ids.length > 0 && which !== null;
  const many = all ? wordsOf(count) : ids.length.toLocaleString();
  const may = (verb: Bulk["verb"]) => allowed.value.has(`${key}.${verb}`);
  if (ids.length === 0 && done === null && wrong === null) return null;

  const doIt = async (bulk: Bulk) => {
    if (which === null) return;
    setAsking(null);
    setDoing(bulk.verb);
    setWrong(null);
    setDone(null);
    try {
      const ended = await runBulk(key, which, bulk);
      const stayed = new Set(ended.problems.map(({ id }) => id));
      setDone(ended);
      setEverything(null);
      onChosen(stayed);
      if (all) await rows.readAgain();
      else if (bulk.verb === "update-all" || bulk.verb === "step-all") await rows.look(ids);
      else rows.remove(new Set(ids.filter((id) => !stayed.has(id))));
    } catch (error) {
      setWrong(sentence(error));
    } finally {
      setDoing(null);
    }
  };
  const isBusy = doing !== null;
  return (
    <section class={styles.bulk} aria-label="Chosen">
      <b role="status">{isBusy ? progressOf(`${key}.${doing}`) : ids.length > 0 && `${many} chosen`}</b>
      {ids.length > 0 && !all && count !== null && count.count > ids.length && !isBusy && (
        <Button small tone="plain" onClick={() => setEverything({ chosen, filter })}>
          Choose all {wordsOf(count)}
        </Button>
      )}
      {canAct && !isTrash && may("update-all") && (
        <Button small disabled={isBusy} command={`${key}.update-all`} onClick={() => setAsking("change")}>
          Change a field
        </Button>
      )}
      {canAct && !isTrash && may("step-all") && (
        <Button small disabled={isBusy} command={`${key}.step-all`} onClick={() => setAsking("step")}>
          Take a step
        </Button>
      )}
      {canAct && !isTrash && may("delete-all") && (
        <Button
          small
          tone="danger"
          disabled={isBusy}
          command={`${key}.delete-all`}
          onClick={() => (all ? setAsking("trash") : void doIt({ verb: "delete-all", args: {} }))}
        >
          <Trash2 aria-hidden="true" /> Move to the trash
        </Button>
      )}
      {canAct && isTrash && may("restore-all") && (
        <Button
          small
          tone="primary"
          disabled={isBusy}
          command={`${key}.restore-all`}
          onClick={() => void doIt({ verb: "restore-all", args: {} })}
        >
          <Undo2 aria-hidden="true" /> Restore
        </Button>
      )}
      <Button
        small
        tone="plain"
        onClick={() => {
          onChosen(new Set());
          setEverything(null);
          setDone(null);
          setWrong(null);
        }}
      >
        {ids.length > 0 ? "Choose none" : "Close"}
      </Button>
      {done !== null && (
        <div class={styles.became}>
          <p role="status">{done.run.messages[0]?.text.split("\n")[0]}</p>
          {done.run.undoableUntil !== null && <UndoOffer key={done.run.id} run={done.run.id} until={done.run.undoableUntil} />}
        </div>
      )}
      {done !== null && done.problems.length > 0 && (
        <ul class={styles.refused} role="alert">
          {done.problems.slice(0, 5).map(({ id, title, message }) => (
            <li key={id}>
              <b>{title}</b> {message}
            </li>
          ))}
          {done.problems.length > 5 && <li>and {done.problems.length - 5} more</li>}
        </ul>
      )}
      <Wrong>{which === null ? tooMany : wrong}</Wrong>
      {asking !== null && which !== null && (
        <BulkDialog
          blueprint={blueprint}
          kind={asking}
          which={which}
          count={many}
          onDo={(bulk) => void doIt(bulk)}
          onClose={() => setAsking(null)}
        />
      )}
    </section>
  );
}

const tooMany = `${mostChosen.toLocaleString()} that are chosen one by one are the most at once: choose fewer, or all.`;

function wordsOf(count: EntityCount | null): string {
  if (count === null) return "all";
  return count.exact ? count.count.toLocaleString() : `about ${count.count.toLocaleString()}`;
}

function progressOf(command: string): string {
  const told = underWay.value.find((run) => run.command === command)?.told ?? "";
  return told === "" ? "Working…" : `${told} done`;
}
