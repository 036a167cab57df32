import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { PlanAnswer } from "../../src/protocol/commands.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { PlannedChanges } from "../answers/PlannedChanges.tsx";
import { serviceName } from "../channels/channels.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { planCommand, runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { TextField } from "../settings/fields.tsx";
import settings from "../settings/Settings.module.css";
import { useCommandData } from "../settings/useCommandData.ts";
import styles from "./Account.module.css";

interface ChatLink {
  /** Whose link it is, there. */
  person: string;
  channel: string;
  workspace: string;
  name: string;
  linkedAt: string;
}

/** Who I am in Slack and Teams; a code from there is written here, and what is linked is ended here. */
export function ChatLinks() {
  const { data: links, wrong, again } = useCommandData<ChatLink>("me.links", "links");
  const [code, setCode] = useState("");
  const [plan, setPlan] = useState<PlanAnswer | null>(null);
  const [atCode, setAtCode] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [told, setTold] = useState<{ text: string | undefined; until: number } | null>(null);
  const known = links?.length ?? 0;
  // They say there that it was them: whoever comes back sees what became of it.
  useEffect(() => {
    addEventListener("focus", again);
    return () => removeEventListener("focus", again);
  }, [again]);
  const tell = (error: unknown) => {
    const isOfCode = error instanceof Refusal && error.path?.startsWith("args") === true;
    (isOfCode ? setAtCode : setRefused)(sentence(error));
  };
  const clear = () => {
    setAtCode(null);
    setRefused(null);
    setTold(null);
  };
  const look = (event: Event) => {
    event.preventDefault();
    clear();
    planCommand("me.link", { code: code.trim() }).then(setPlan, tell);
  };
  const unlink = (link: string) => {
    clear();
    runCommand("me.unlink", { link }).then(({ messages }) => {
      setTold({ text: messages[0]?.text, until: Infinity });
      again();
    }, tell);
  };
  return (
    <section>
      <h2>Slack and Teams</h2>
      <p>
        Write <code>link</code> to Switchboard there, alone; then write the code that it shows you here.
      </p>
      <Wrong>{wrong ?? refused}</Wrong>
      <ul class={settings.rows}>
        {links?.map(({ person, channel, workspace, name, linkedAt }) => (
          <li key={person}>
            <span class={settings.what}>
              <b dir="auto">{name}</b>
              <small title={exactTime(linkedAt)} dir="auto">
                {workspace} · {serviceName(channel)} · linked {relativeTime(linkedAt, Date.now())}
              </small>
            </span>
            <Button small label={`Unlink ${name} in ${workspace}`} command="me.unlink" onClick={() => unlink(person)}>
              Unlink
            </Button>
          </li>
        ))}
      </ul>
      <form class={styles.fields} onSubmit={look} noValidate>
        <TextField id="link-code" label="Code" maxLength={8} wrong={atCode} value={code} onInput={setCode} />
        <div class={styles.actions}>
          <Button type="submit" disabled={code.trim() === ""}>
            Look whose it is
          </Button>
        </div>
      </form>
      <p role="status">{told !== null && known < told.until ? told.text : null}</p>
      {plan !== null && (
        <CommandDialog
          title="Is this you?"
          command="me.link"
          args={() => ({ code: code.trim() })}
          label="That is me"
          onClose={() => setPlan(null)}
          onDone={({ messages }) => {
            setCode("");
            // What they are to do there is done once they are listed.
            setTold({ text: messages[0]?.text, until: known + 1 });
          }}
        >
          {() => (
            <>
              <PlannedChanges changes={plan.changes} />
              <p>Go on only where you asked for the code yourself.</p>
            </>
          )}
        </CommandDialog>
      )}
    </section>
  );
}
