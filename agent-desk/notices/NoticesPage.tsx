import { useEffect, useState } from "preact/hooks";
import type { RunAnswer } from "../../src/protocol/commands.ts";
import { type NoticeChannel, type NoticeKind, type NoticeSettings, noticeChannels, noticeKinds } from "../../src/protocol/notices.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Notices.module.css";
import { type PushState, pushState, startPush, stopPush } from "./push.ts";

const kinds: Record<NoticeKind, string> = {
  offer: "A conversation is offered to me",
  assigned: "A conversation is handed to me",
  queue: "Somebody waits for my team, and nobody answers",
  service: "An answer of mine is due",
  mail: "A mail of my conversation was not sent",
  mention: "A colleague mentions me in a note",
  approval: "My approval is asked",
  run: "What I asked for is approved or refused",
  message: "A colleague sends me a message",
};
const channels: Record<NoticeChannel, string> = { desk: "Desk", push: "Push", mail: "Mail" };

/** What I am told, and where. */
export function NoticesPage() {
  const [settings, setSettings] = useState<NoticeSettings | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const change = (command: string, args: Record<string, unknown>, expected?: NoticeSettings) => {
    if (expected !== undefined) setSettings(expected);
    runCommand(command, args).then(
      (run) => {
        setWrong(null);
        setSettings(settingsIn(run));
      },
      (error: unknown) => {
        setWrong(sentence(error));
        setSettings(settings);
      },
    );
  };
  useEffect(() => change("notice.settings", {}), []);
  if (settings === null) return <div class={styles.page}>{wrong === null ? <span class={parts.skeleton} /> : <Wrong>{wrong}</Wrong>}</div>;

  return (
    <div class={styles.page}>
      <Wrong>{wrong}</Wrong>
      <section class={styles.group}>
        <h2>
          What I am told <span class={parts.command}>notice.prefer</span>
        </h2>
        <table class={styles.table}>
          <thead>
            <tr>
              <th scope="col">
                <span class={styles.hidden}>What happens</span>
              </th>
              {noticeChannels.map((channel) => (
                <th key={channel} scope="col">
                  {channels[channel]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {noticeKinds.map((kind) => (
              <tr key={kind}>
                <th scope="row">{kinds[kind]}</th>
                {noticeChannels.map((channel) => (
                  <td key={channel}>
                    <input
                      type="checkbox"
                      aria-label={`${kinds[kind]}: ${channels[channel]}`}
                      checked={settings.kinds[kind][channel]}
                      onChange={({ currentTarget: { checked: on } }) =>
                        change("notice.prefer", { kind, channel, on }, withChoice(settings, kind, channel, on))
                      }
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        <p>A mail comes only where you are not at the desk and have not read it within five minutes; many become one.</p>
      </section>
      <Browser preview={settings.preview} onPreview={(on) => change("notice.preview", { on }, { ...settings, preview: on })} />
      <Quiet key={JSON.stringify(settings.quiet)} quiet={settings.quiet} onChange={(args) => change("notice.quiet", args)} />
    </div>
  );
}

function withChoice(settings: NoticeSettings, kind: NoticeKind, channel: NoticeChannel, on: boolean): NoticeSettings {
  return { ...settings, kinds: { ...settings.kinds, [kind]: { ...settings.kinds[kind], [channel]: on } } };
}

/** Every command about notices answers the settings as they are now. */
function settingsIn({ data }: RunAnswer): NoticeSettings | null {
  return isSettings(data) ? data : null;
}

function isSettings(data: unknown): data is NoticeSettings {
  return typeof data === "object" && data !== null && "kinds" in data && "quiet" in data;
}

function Browser({ preview, onPreview }: { preview: boolean; onPreview: (on: boolean) => void }) {
  const [state, setState] = useState<PushState | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const turn = (work: () => Promise<PushState>) =>
    work().then(
      (next) => {
        setWrong(null);
        setState(next);
      },
      (error: unknown) =>
        setWrong(
          error instanceof DOMException ? "This browser could not be reached by its push service; try again later." : sentence(error),
        ),
    );
  useEffect(() => {
    turn(pushState);
  }, []);
  return (
    <section class={styles.group}>
      <h2>Push to this browser</h2>
      <p>{browserWords[state ?? "off"]}</p>
      {state === "off" && <Button onClick={() => turn(startPush)}>Push to this browser</Button>}
      {state === "on" && <Button onClick={() => turn(stopPush)}>Stop pushes to this browser</Button>}
      <label class={styles.check}>
        <input type="checkbox" checked={preview} onChange={({ currentTarget }) => onPreview(currentTarget.checked)} />A push may show what
        the visitor wrote last <span class={parts.command}>notice.preview</span>
      </label>
      <Wrong>{wrong}</Wrong>
    </section>
  );
}

const browserWords: Record<PushState, string> = {
  impossible: "This browser takes no pushes.",
  refused: "This browser refuses them; allow notifications for this page in its settings.",
  off: "Notices come also while the desk is closed, as long as the browser runs.",
  on: "Notices come also while the desk is closed.",
};

function Quiet({ quiet, onChange }: { quiet: NoticeSettings["quiet"]; onChange: (args: Record<string, unknown>) => void }) {
  const [from, setFrom] = useState(quiet === null ? "22:00" : clockOf(quiet.from));
  const [to, setTo] = useState(quiet === null ? "07:00" : clockOf(quiet.to));
  const [zone, setZone] = useState(quiet?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  return (
    <section class={styles.group}>
      <h2>
        Quiet hours <span class={parts.command}>notice.quiet</span>
      </h2>
      <p>{quiet === null ? "There are none. " : ""}In quiet hours no push and no mail comes; what is still open then comes together.</p>
      <form
        class={styles.line}
        onSubmit={(event) => {
          event.preventDefault();
          onChange({ from, to, zone });
        }}
      >
        <label>
          From
          <input class={parts.field} type="time" required value={from} onInput={({ currentTarget }) => setFrom(currentTarget.value)} />
        </label>
        <label>
          To
          <input class={parts.field} type="time" required value={to} onInput={({ currentTarget }) => setTo(currentTarget.value)} />
        </label>
        <label>
          Time zone
          <input class={parts.field} required value={zone} list="zones" onInput={({ currentTarget }) => setZone(currentTarget.value)} />
        </label>
        <datalist id="zones">
          {Intl.supportedValuesOf("timeZone").map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <Button type="submit">Keep</Button>
        {quiet !== null && (
          <Button tone="plain" onClick={() => onChange({})}>
            No quiet hours
          </Button>
        )}
      </form>
    </section>
  );
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}
