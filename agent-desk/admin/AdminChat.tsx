import { distance } from "fastest-levenshtein";
import { ArrowLeft, SquareTerminal } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CommandListing, RunAnswer } from "../../src/protocol/commands.ts";
import { secretIn } from "../../src/protocol/secretShapes.ts";
import { Answer } from "../answers/Answer.tsx";
import { knownCommands } from "../commands/allowed.ts";
import { CommandForm } from "../commands/CommandForm.tsx";
import { choicesInLine } from "../commands/choicesInLine.ts";
import { asFields, type LineItem, lineItems } from "../commands/lineItems.ts";
import { listCommands, runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Empty } from "../look/Empty.tsx";
import parts from "../look/parts.module.css";
import { Scrolled } from "../look/Scrolled.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { go } from "../shell/route.ts";
import styles from "./AdminChat.module.css";
import { type Said, said, say, spelled } from "./adminChat.ts";

const making = /^(blueprint|operation|role|run)\./;

/** Everything that can be done here by a line, like `/agent invite name@example.org --team support`, and what came of each. */
export function AdminChat() {
  const state = useDesk();
  const [commands, setCommands] = useState<CommandListing[]>([]);
  const [text, setText] = useState("");
  const [marked, setMarked] = useState(0);
  const [asking, setAsking] = useState<{ command: CommandListing; begin: Record<string, string> } | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const end = useRef<HTMLDivElement>(null);

  const learn = async (): Promise<CommandListing[]> => {
    const all = await listCommands();
    setCommands(all);
    knownCommands.value = all;
    return all;
  };
  useEffect(() => {
    learn().catch((error: unknown) => setWrong(sentence(error)));
    input.current?.focus();
  }, []);
  /** What was just made has commands of its own. */
  const run = (shown: string, name: string, answer: () => Promise<RunAnswer>) =>
    void say(shown, answer).then(() => (making.test(name) ? learn().catch(() => {}) : undefined));
  const lines = said.value;
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [lines]);

  const written = spelled(text.startsWith("/") || text === "" ? text : `/${text}`, (name) => commands.some((each) => each.name === name));
  const choices = choicesInLine(state, null);
  const line = written === "" ? undefined : lineItems(written, { commands, hasConversation: false, choices });
  const items = line?.items ?? [];
  const at = Math.min(marked, items.length - 1);

  const write = (next: string) => {
    setText(next);
    setMarked(0);
    setWrong(null);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.length, next.length);
    });
  };
  const choose = (item: LineItem) => {
    // Before anything is shown or sent: what is written in a line can be read by whoever stands behind.
    const secret = secretIn(text);
    if (secret !== undefined) {
      write("");
      return setWrong(`That seems to have ${secret} in it: it was not sent. Where a command needs a secret, its form has a field for it.`);
    }
    if (item.does === "write") return write(item.line);
    const { command, values } = item;
    const shown = item.does === "ask" ? `/${command.name}` : written.trim();
    write("");
    if (item.does === "ask") return setAsking({ command, begin: asFields(values) });
    run(shown, command.name, () => runCommand(command.name, values));
  };
  /** It may have been made since, by this person or another. */
  const again = async () => {
    const all = await learn().catch((error: unknown) => {
      setWrong(sentence(error));
    });
    if (all === undefined) return;
    const found = lineItems(written, { commands: all, hasConversation: false, choices });
    const item = found?.items[0];
    if (item !== undefined && item.does !== "write") choose(item);
    else setWrong(found?.wrong ?? unknown(written, all));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const item = items[at];
    const goesOn = items.find(({ does }) => does === "write");
    if (event.key === "ArrowUp" && text === "") write(lines.at(-1)?.line ?? "");
    else if (event.key === "ArrowDown" && items.length > 0) setMarked((at + 1) % items.length);
    else if (event.key === "ArrowUp" && items.length > 0) setMarked((at + items.length - 1) % items.length);
    else if (event.key === "Tab" && !event.shiftKey && goesOn !== undefined) choose(goesOn);
    else if (event.key === "Escape" && text !== "") write("");
    else if (event.key === "Enter") {
      if (item !== undefined) choose(item);
      else if (text.trim() !== "") void again();
    } else return;
    event.preventDefault();
  };

  return (
    <main class={desk.pane} aria-label="Admin chat">
      <div class={desk.head}>
        <span class={desk.back}>
          <Button tone="plain" label="Back to the inbox" onClick={() => go({})}>
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Admin chat</h1>
      </div>
      <ConnectionNotice />
      <Scrolled class={styles.log} role="log" label="What was run">
        {lines.length === 0 && (
          <Empty icon={<SquareTerminal strokeWidth={1.5} />} title="Write what is to be done">
            <p>
              A line begins with a command: <span class={parts.command}>/agent invite</span>,{" "}
              <span class={parts.command}>/role create</span>, <span class={parts.command}>/agents</span>. What may follow is offered as you
              write; what is missing is asked for.
            </p>
          </Empty>
        )}
        {lines.map((each) => (
          <Line key={each.id} said={each} />
        ))}
        <div ref={end} />
      </Scrolled>
      <div class={styles.foot}>
        {items.length > 0 && (
          <div class={styles.offers} id="admin-offers" role="listbox" tabIndex={-1} aria-label="What it may become">
            {items.slice(0, 12).map((item, index) => (
              <div
                key={item.name}
                id={`admin-offer-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                onPointerMove={() => setMarked(index)}
                onPointerDown={(event) => {
                  event.preventDefault();
                  choose(item);
                }}
              >
                <b>{item.label}</b>
                {item.detail !== undefined && <small>{item.detail}</small>}
              </div>
            ))}
          </div>
        )}
        <Wrong id="admin-wrong">{wrong ?? line?.wrong ?? null}</Wrong>
        <input
          ref={input}
          class={`${parts.field} ${styles.input}`}
          type="text"
          value={text}
          placeholder="/agent invite name@example.org --team support"
          aria-label="Command"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          role="combobox"
          aria-expanded={items.length > 0}
          aria-controls="admin-offers"
          aria-describedby="admin-wrong"
          {...(items.length > 0 ? { "aria-activedescendant": `admin-offer-${at}` } : {})}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setMarked(0);
            setWrong(null);
          }}
          onKeyDown={onKey}
        />
      </div>
      {asking !== null && (
        <CommandForm
          name={asking.command.name}
          listing={asking.command}
          begin={asking.begin}
          onDone={(done) => run(`/${asking.command.name}`, asking.command.name, async () => done)}
          onClose={() => setAsking(null)}
        />
      )}
    </main>
  );
}

function Line({ said: { line, answer } }: { said: Said }) {
  return (
    <div class={styles.said}>
      <p class={styles.line} dir="auto">
        {line}
      </p>
      {answer === null ? (
        <p class={styles.waiting}>Running…</p>
      ) : "wrong" in answer ? (
        <Wrong>{answer.wrong}</Wrong>
      ) : (
        <Answer answer={answer} />
      )}
    </div>
  );
}

function unknown(written: string, commands: readonly CommandListing[]): string {
  const words = written.trim().replace(/^\//, "").toLowerCase().split(/\s+/);
  const names = [words[0] ?? "", words.slice(0, 2).join(".")];
  const near = commands
    .map(({ name }) => ({ name, edits: Math.min(...names.map((each) => distance(each, name))) }))
    .sort((a, b) => a.edits - b.edits)[0];
  const lead = near !== undefined && near.edits <= 3 ? `Did you mean "/${near.name}"?` : '"/" shows yours.';
  return `There is no command "${written.trim().slice(0, 60)}" that you may run. ${lead}`;
}
