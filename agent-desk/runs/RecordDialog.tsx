import { useEffect, useState } from "preact/hooks";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { composeRecording, type RecordedValue, type Recording, usualWay, type ValueWay } from "../../src/protocol/recording.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { requestAsMe } from "../session/session.ts";
import { TextField } from "../settings/fields.tsx";
import { useDesk } from "../shell/deskContext.ts";
import { RecordedValues } from "./RecordedValues.tsx";
import styles from "./Runs.module.css";
import { argsInWords, stateWords } from "./runWords.ts";

const hourMs = 3_600_000;

/** What I ran within the last hour, here or anywhere, becomes a command: which of it, under which name, and what it asks for. */
export function RecordDialog({ conversation, onClose }: { conversation: string | null; onClose: () => void }) {
  const { account } = useDesk();
  const [runs, setRuns] = useState<RunAnswer[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [recording, setRecording] = useState<Recording | null>(null);
  const [ways, setWays] = useState<ReadonlyMap<RecordedValue, ValueWay>>(new Map());
  const [name, setName] = useState("");
  const [summary, setSummary] = useState("");
  const [busy, setBusy] = useState(false);
  const [saved, setSaved] = useState<{ published: boolean } | null>(null);
  const [wrong, setWrong] = useState<{ path: string | undefined; text: string } | null>(null);
  const fail = (error: unknown) => setWrong({ path: error instanceof Refusal ? error.path : undefined, text: sentence(error) });

  useEffect(() => {
    const filter = { by: { eq: account.id }, createdAt: { gte: new Date(Date.now() - hourMs).toISOString() } };
    const path = `runs?limit=50&sort=createdAt&filter=${encodeURIComponent(JSON.stringify(filter))}`;
    requestAsMe<{ items: RunAnswer[] }>({ method: "GET", path }).then(({ items }) => {
      const mine = items.filter(({ command }) => !/^(run|operation|me)\./.test(command));
      setRuns(mine);
      const here = mine.filter(
        ({ args, state }) => state === "succeeded" && (conversation === null || args["conversation"] === conversation),
      );
      setChosen(new Set(conversation === null ? [] : here.map(({ id }) => id)));
    }, fail);
  }, [account.id, conversation]);

  const act = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setWrong(null);
    await work().catch(fail);
    setBusy(false);
  };
  const record = () =>
    act(async () => {
      const { data } = await runCommand("operation.record", { runs: [...chosen].join(",") });
      const found: Recording = JSON.parse(JSON.stringify(data));
      setRecording(found);
      setWays(new Map(found.values.map((value) => [value, usualWay(value)])));
    });
  const save = () =>
    act(async () => {
      if (recording === null) return;
      const body = composeRecording(recording, (value) => ways.get(value) ?? usualWay(value));
      await runCommand("operation.create", { name: name.trim(), kind: "sequence", summary: summary.trim(), ...body });
      setSaved({ published: false });
    });
  const publish = () =>
    act(async () => {
      await runCommand("operation.publish", { name: name.trim() });
      setSaved({ published: true });
    });
  const wrongOf = (argument: string) => (wrong?.path?.startsWith(`args.${argument}`) === true ? wrong.text : null);
  const elsewhere = wrong !== null && !["name", "summary"].some((argument) => recording !== null && wrongOf(argument) !== null);
  const next = recording === null ? record : saved === null ? save : publish;
  const label = recording === null ? "Go on" : saved === null ? "Save" : "Publish";
  const isReady = recording === null ? chosen.size > 0 : saved !== null || (recording.steps.length > 0 && name !== "" && summary !== "");

  return (
    <Dialog title="Make a command of what you ran" command="operation.record" onClose={onClose}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void next();
        }}
      >
        <div class={popups.dialogBody}>
          {runs === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
          {runs !== null && recording === null && <Choosing runs={runs} chosen={chosen} onChange={setChosen} />}
          {recording !== null && saved === null && (
            <>
              <TextField
                id="record-name"
                label="Name"
                hint="As it is run: small letters, digits and hyphens, like welcome-back."
                wrong={wrongOf("name")}
                value={name}
                onInput={setName}
              />
              <TextField
                id="record-summary"
                label="What it does, in a sentence"
                wrong={wrongOf("summary")}
                value={summary}
                onInput={setSummary}
              />
              <RecordedValues recording={recording} ways={ways} onChange={(value, way) => setWays(new Map([...ways, [value, way]]))} />
            </>
          )}
          {saved !== null && (
            <p role="status">
              {saved.published
                ? `/${name} can be run now, by you and by those with whom you share it.`
                : `/${name} is saved as a draft. Publish it to run it; each step asks for the rights of whoever runs it.`}
            </p>
          )}
          <Wrong>{elsewhere ? wrong.text : null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>{saved === null ? "Cancel" : "Close"}</Button>
          {saved?.published !== true && (
            <Button tone="primary" type="submit" disabled={busy || !isReady}>
              {busy ? "One moment…" : label}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

interface ChoosingLook {
  runs: readonly RunAnswer[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

function Choosing({ runs, chosen, onChange }: ChoosingLook) {
  if (runs.length === 0)
    return <p>You ran nothing within the last hour. Do it once by hand, then come back: each command that you ran stands here.</p>;
  const toggle = (id: string) => onChange(new Set(chosen.has(id) ? [...chosen].filter((each) => each !== id) : [...chosen, id]));
  return (
    <fieldset class={styles.recorded}>
      <legend>What belongs to it, in the order in which you ran it</legend>
      {runs.map(({ id, command, args, state, createdAt }) => (
        <label key={id} class={parts.ticked}>
          <input type="checkbox" checked={chosen.has(id)} onChange={() => toggle(id)} />
          <span title={exactTime(createdAt)}>
            <b>{command}</b> {argsInWords(args).slice(0, 200)} {state !== "succeeded" && `(${stateWords[state]}: will be left out)`}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
