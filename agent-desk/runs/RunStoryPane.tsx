import { useEffect, useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { RunStory, RunVerb } from "../../src/protocol/commands.ts";
import { Answer } from "../answers/Answer.tsx";
import { PlannedChanges } from "../answers/PlannedChanges.tsx";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { Choice, TextField } from "../settings/fields.tsx";
import { useDesk } from "../shell/deskContext.ts";
import styles from "./Runs.module.css";
import { runAddress } from "./runsRoute.ts";
import { argsInWords, ruleInWords, stateTones, stateWords, tookInWords, verbWords } from "./runWords.ts";

/** Those that ask for a word first. */
const asking = new Set<RunVerb>(["reject", "break-glass", "settle"]);

/** One run: its plan, who decided, what it did outside, how it ended, and what I can do with it. */
export function RunStoryPane({ id }: { id: string }) {
  const { runs } = useDesk();
  const [run, setRun] = useState<RunStory | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [asked, setAsked] = useState<RunVerb | null>(null);
  const told = runs.told.value;
  const load = () =>
    requestAsMe<RunStory>({ method: "GET", path: `runs/${encodeURIComponent(id)}` }).then(setRun, (error: unknown) =>
      setWrong(sentence(error)),
    );
  useEffect(() => void load(), [id, told]);
  if (run === null)
    return <section class={styles.story}>{wrong === null ? <span class={parts.skeleton} /> : <Wrong>{wrong}</Wrong>}</section>;

  const act = (verb: RunVerb) => {
    if (asking.has(verb)) return setAsked(verb);
    setWrong(null);
    const [command, args] = verb === "repeat" ? [run.command, run.args] : [`run.${verb}`, { run: id }];
    runCommand(command, args).then(
      (done) => {
        if (verb === "repeat") location.hash = runAddress(done.id);
        else void load();
      },
      (error: unknown) => {
        setWrong(sentence(error));
        void load();
      },
    );
  };
  return (
    <section class={styles.story} aria-label={`The run of ${run.command}`}>
      <h2>
        {run.command} <Chip tone={stateTones[run.state]}>{run.stopping ? "Stopping" : stateWords[run.state]}</Chip>
      </h2>
      <p class={styles.line}>{`/${run.command} ${argsInWords(run.args)}`}</p>
      {run.may.length > 0 && (
        <div class={styles.verbs}>
          {run.may.map((verb) => (
            <Button
              key={verb}
              small
              tone={verb === "approve" ? "primary" : verb === "break-glass" ? "danger" : undefined}
              command={verb === "repeat" ? run.command : `run.${verb}`}
              tip={verbWords[verb]}
              onClick={() => act(verb)}
            >
              {verbWords[verb]}
            </Button>
          ))}
        </div>
      )}
      <Wrong>{wrong}</Wrong>
      <Facts run={run} />
      <Told run={run} />
      {asked !== null && <Asking id={id} verb={asked} onClose={() => setAsked(null)} onDone={() => void load()} />}
    </section>
  );
}

function Facts({ run }: { run: RunStory }) {
  const took = tookInWords(run);
  return (
    <dl class={styles.facts}>
      <dt>Asked for by</dt>
      <dd>
        {run.by.name}, {exactTime(run.createdAt)}
      </dd>
      {took !== null && (
        <>
          <dt>Took</dt>
          <dd>{took}</dd>
        </>
      )}
      {run.approvals.length > 0 && (
        <>
          <dt>Needs</dt>
          <dd>
            {run.approvals.map(ruleInWords).join(", and ")}
            {run.expiresAt !== null && `, until ${exactTime(run.expiresAt)}`}
          </dd>
        </>
      )}
      {run.undoableUntil !== null && (
        <>
          <dt>Can be undone</dt>
          <dd>until {exactTime(run.undoableUntil)}</dd>
        </>
      )}
      <Linked label="Takes back" id={run.undoes} />
      <Linked label="Taken back by" id={run.undoneBy} />
    </dl>
  );
}

function Linked({ label, id }: { label: string; id: string | null }) {
  if (id === null) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <a href={runAddress(id)}>another run</a>
      </dd>
    </>
  );
}

function Told({ run }: { run: RunStory }) {
  const { plan, decisions, effects, messages, error, progress } = run;
  return (
    <>
      {progress !== null && (
        <div class={styles.group} role="status">
          <h3>So far</h3>
          <p>{progress.text}</p>
          {progress.of !== undefined && <progress value={progress.done ?? 0} max={progress.of} aria-label={progress.text} />}
        </div>
      )}
      {plan !== null && plan.changes.length > 0 && (
        <div class={styles.group}>
          <h3>Plan</h3>
          <PlannedChanges changes={plan.changes} />
        </div>
      )}
      {decisions.length > 0 && (
        <div class={styles.group}>
          <h3>Decided by</h3>
          <ul>
            {decisions.map(({ by, decision, reason, at }) => (
              <li key={by.id}>
                <b>{by.name}</b> {said[decision]}, {exactTime(at)}
                {reason !== "" && `: ${reason}`}
              </li>
            ))}
          </ul>
        </div>
      )}
      {effects.length > 0 && (
        <div class={styles.group}>
          <h3>Done outside</h3>
          <ul>
            {effects.map(({ step, state, check }) => (
              <li key={step}>
                <b>{step}</b>: {state}
                {(state === "uncertain" || state === "started") && <p class={parts.hint}>{check}</p>}
              </li>
            ))}
          </ul>
        </div>
      )}
      {(messages.length > 0 || error !== null) && (
        <div class={styles.group}>
          <h3>Answer</h3>
          <Answer answer={{ ...run, undoableUntil: null }} />
          <Wrong>{error?.message ?? null}</Wrong>
        </div>
      )}
    </>
  );
}

const said = { approve: "approved", reject: "refused", "break-glass": "ran it without the approval" } as const;

/** What a verb needs besides: a reason, or what somebody found. */
function Asking({ id, verb, onClose, onDone }: { id: string; verb: RunVerb; onClose: () => void; onDone: () => void }) {
  const [reason, setReason] = useState("");
  const [found, setFound] = useState("happened");
  return (
    <CommandDialog
      title={verbWords[verb]}
      command={`run.${verb}`}
      args={() => ({ run: id, ...(verb === "settle" ? { found } : reason.trim() === "" ? {} : { reason }) })}
      label={verbWords[verb]}
      danger={verb !== "settle"}
      onClose={onClose}
      onDone={onDone}
    >
      {(wrongOf) =>
        verb === "settle" ? (
          <Choice
            id="run-found"
            wrong={wrongOf("found")}
            label="Look where the run says, then say what you found"
            value={found}
            options={[
              { value: "happened", label: "It happened" },
              { value: "failed", label: "It didn't happen; it may be run again" },
            ]}
            onInput={setFound}
          />
        ) : (
          <TextField
            id="run-reason"
            label={
              verb === "reject" ? "Why (whoever asked reads it)" : "Why (10 characters or more; everybody who could have approved reads it)"
            }
            wrong={wrongOf("reason")}
            value={reason}
            onInput={setReason}
          />
        )
      }
    </CommandDialog>
  );
}
