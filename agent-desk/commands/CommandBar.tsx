import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CommandListing, CommandMessage } from "../../src/protocol/commands.ts";
import { adminChatAddress } from "../admin/adminChat.ts";
import { Answer } from "../answers/Answer.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { toggleSound } from "../offers/sound.ts";
import { operationsAddress } from "../operations/operationsRoute.ts";
import { StepUpPlace } from "../session/StepUpPlace.tsx";
import { signOut } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { lineBegun, opened } from "../shell/opened.ts";
import { go, route } from "../shell/route.ts";
import { wallboardAddress } from "../wallboard/wallboard.ts";
import { aidWays, type Way } from "./aidItems.ts";
import { allowed, knownCommands } from "./allowed.ts";
import { type BarItem, commandItems, withWords } from "./barItems.ts";
import styles from "./CommandBar.module.css";
import { CommandForm } from "./CommandForm.tsx";
import { choicesInLine } from "./choicesInLine.ts";
import { asFields, type LineItem, lineItems } from "./lineItems.ts";
import { listCommands, sentence } from "./run.ts";
import { runFromBar } from "./runFromBar.ts";
import { runLine } from "./runLine.ts";
import { UnderWayList } from "./UnderWayList.tsx";

const fixedWays: Way[] = [
  { group: "Go to", name: "mine", label: "Show mine", run: () => go({ view: "mine" }) },
  { group: "Go to", name: "queue", label: "Show the queue", run: () => go({ view: "queue" }) },
  { group: "Go to", name: "snoozed", label: "Show what is snoozed", run: () => go({ view: "snoozed" }) },
  { group: "Go to", name: "closed", label: "Show what is closed", run: () => go({ view: "closed" }) },
  { group: "Go to", name: "all", label: "Show all conversations", run: () => go({ view: "all" }) },
  {
    group: "Go to",
    name: "wallboard",
    label: "Show the wallboard",
    run: () => {
      location.hash = wallboardAddress;
    },
  },
  {
    group: "Go to",
    name: "operations",
    label: "Show operations",
    run: () => {
      location.hash = operationsAddress;
    },
  },
  {
    group: "Go to",
    name: "admin-chat",
    label: "Show the admin chat",
    run: () => {
      location.hash = adminChatAddress;
    },
  },
  {
    group: "Desk",
    name: "record",
    label: "Make a command of what I just ran",
    run: () => {
      opened.value = "record";
    },
  },
  { group: "Desk", name: "offer-sound", label: "Turn the sound of offers on or off", run: toggleSound },
  {
    group: "Desk",
    name: "shortcuts",
    label: "Keyboard shortcuts",
    run: () => {
      opened.value = "shortcuts";
    },
  },
  { group: "Desk", name: "sign-out", label: "Sign out", run: signOut },
];

/** What a list shows at once, however many commands there are. */
const mostShown = 80;
/** Frames that a new list is given to be drawn and to mark what Enter takes. */
const framesToDraw = 30;

/** Everything that can be done from here, by name: the commands of the registry as they stand, and the ways through the desk; or a whole line after a `/`. */
export function CommandBar({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const [chosen, setChosen] = useState<{ command: CommandListing; begin: Record<string, string> } | null>(null);
  const [text, setText] = useState(lineBegun.peek());
  const [told, setTold] = useState<readonly CommandMessage[] | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  /** Enter was pressed before there was anything to choose from. */
  const [entered, setEntered] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const { conversation } = route.value;
  const head = conversation === null ? null : desk.open(conversation).facts.value.head;

  const commands = knownCommands.value ?? [];
  const isMissing = knownCommands.value === undefined;
  const learn = () => {
    listCommands()
      .then((found) => {
        knownCommands.value = found;
      })
      .catch((error: unknown) => {
        setEntered(false);
        setWrong(sentence(error));
      });
  };

  useEffect(() => {
    lineBegun.value = "";
    learn();
  }, []);
  useEffect(() => {
    if (!entered || isMissing) return;
    let frame = 0;
    const takeMarked = (framesLeft: number) => {
      const marked = list.current?.querySelector<HTMLElement>("[data-highlighted]");
      if (marked == null && framesLeft > 0) {
        frame = requestAnimationFrame(() => takeMarked(framesLeft - 1));
        return;
      }
      setEntered(false);
      marked?.click();
    };
    frame = requestAnimationFrame(() => takeMarked(framesToDraw));
    return () => cancelAnimationFrame(frame);
  }, [entered, isMissing]);

  if (chosen !== null) {
    const { command, begin } = chosen;
    return <CommandForm name={command.name} listing={command} conversation={conversation} begin={begin} onClose={onClose} />;
  }

  const line = lineItems(text, {
    commands,
    hasConversation: conversation !== null,
    choices: choicesInLine(desk, head),
  });
  const ways = [
    ...aidWays(desk, conversation),
    ...fixedWays.filter(({ name }) => name !== "record" || allowed.value.has("operation.record")),
  ];
  // Words may begin like a command's name and mean something else.
  const words = text.trimStart().startsWith("/") ? [] : withWords([...commandItems(commands, head, desk.account.id), ...ways], text);
  const items: (BarItem | LineItem)[] = [...(line?.items ?? []), ...words].slice(0, mostShown);
  const groups = [...new Set(items.map(({ group }) => group))].map((group) => ({
    value: group,
    items: items.filter((item) => item.group === group),
  }));
  const status = entered && isMissing ? [{ text: "One moment, the commands are on their way…" }] : told;
  const write = (next: string) => {
    setText(next);
    setWrong(null);
    setTold(null);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.length, next.length);
    });
  };
  const chooseLine = async (item: LineItem) => {
    if (item.does === "write") return write(item.line);
    if (item.does === "ask") return setChosen({ command: item.command, begin: asFields(item.values) });
    const said = await runLine(desk, item.command, item.values, conversation);
    if (said === null) return onClose();
    write("");
    setTold(said);
  };
  const choose = async (item: BarItem | LineItem) => {
    const way = ways.find(({ name }) => name === item.name);
    const command = commands.find(({ name }) => name === item.name);
    setWrong(null);
    try {
      if ("does" in item) await chooseLine(item);
      else if (way !== undefined) {
        onClose();
        await way.run();
      } else if (command !== undefined) {
        const next = await runFromBar(desk, command, conversation);
        if (next === "form") setChosen({ command, begin: command.name === "me.undo-send" ? { on: String(desk.undoSend.value) } : {} });
        else if (next === "done") onClose();
      }
    } catch (error) {
      setWrong(sentence(error));
    }
  };

  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popups.backdrop} />
        <Dialog.Popup className={`${popups.dialog} ${styles.bar}`} aria-label="Commands">
          <Autocomplete.Root
            open
            inline
            items={groups}
            value={text}
            onValueChange={(next, { reason }) => {
              // What is chosen says itself what stands in the field then.
              if (reason === "item-press") return;
              setText(next);
              setWrong(null);
              setTold(null);
              setEntered(false);
            }}
            mode="none"
            autoHighlight="always"
            keepHighlight
          >
            <div
              class={styles.input}
              onKeyDownCapture={(event) => {
                if (event.key !== "Enter" || event.isComposing || !isMissing) return;
                event.preventDefault();
                event.stopPropagation();
                // Where it could not be fetched, this is how one tries again.
                if (wrong !== null) learn();
                setWrong(null);
                setEntered(true);
              }}
            >
              <Search aria-hidden="true" />
              <Autocomplete.Input
                ref={input}
                placeholder="What would you like to do? Or a command: /"
                aria-label="Command"
                onKeyDown={(event) => {
                  const next = line?.items.find((item) => item.does === "write");
                  if (event.key !== "Tab" || event.shiftKey || next?.does !== "write") return;
                  event.preventDefault();
                  write(next.line);
                }}
              />
            </div>
            <Autocomplete.Empty className={styles.none}>
              {line?.wrong == null && !isMissing && "No command has that in its name."}
            </Autocomplete.Empty>
            <Autocomplete.List ref={list} className={styles.list}>
              {(group: { value: string; items: (BarItem | LineItem)[] }) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className={styles.group}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: BarItem | LineItem) => (
                      <Autocomplete.Item key={item.name} value={item} className={popups.item} onClick={() => choose(item)}>
                        <span class={styles.what}>
                          {item.label}
                          {item.detail !== undefined && <small>{item.detail}</small>}
                        </span>
                        {!("does" in item) && item.name.includes(".") && <span class={parts.command}>{item.name}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
          <div class={status === null ? undefined : styles.told} role="status">
            {status !== null && <Answer answer={{ messages: status }} />}
          </div>
          <div class={(wrong ?? line?.wrong ?? null) === null ? undefined : styles.wrong}>
            <Wrong>{wrong ?? line?.wrong}</Wrong>
          </div>
          <UnderWayList />
          <StepUpPlace />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
