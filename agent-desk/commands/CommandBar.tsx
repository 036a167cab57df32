import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-preact";
import { useEffect, useState } from "preact/hooks";
import type { CommandListing } from "../../src/protocol/commands.ts";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { toggleSound } from "../offers/sound.ts";
import { signOut } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { opened } from "../shell/opened.ts";
import { go, route } from "../shell/route.ts";
import { wallboardAddress } from "../wallboard/wallboard.ts";
import { aidWays, type Way } from "./aidItems.ts";
import { type BarItem, commandItems } from "./barItems.ts";
import styles from "./CommandBar.module.css";
import { CommandForm } from "./CommandForm.tsx";
import { listCommands, sentence } from "./run.ts";
import { runFromBar } from "./runFromBar.ts";

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

let known: CommandListing[] = [];

/** Everything that can be done from here, by name: the commands of the registry as they stand, and the ways through the desk. */
export function CommandBar({ onClose }: { onClose: () => void }) {
  const desk = useDesk();
  const [commands, setCommands] = useState(known);
  const [chosen, setChosen] = useState<CommandListing | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const { conversation } = route.value;
  const head = conversation === null ? null : desk.open(conversation).facts.value.head;

  useEffect(() => {
    listCommands()
      .then((found) => {
        known = found;
        setCommands(found);
      })
      .catch((error: unknown) => setWrong(sentence(error)));
  }, []);

  if (chosen !== null) {
    const begin = chosen.name === "me.undo-send" ? { on: String(desk.undoSend.value) } : {};
    return <CommandForm name={chosen.name} listing={chosen} conversation={conversation} begin={begin} onClose={onClose} />;
  }

  const ways = [...aidWays(desk, conversation), ...fixedWays];
  const items = [...commandItems(commands, head, desk.account.id), ...ways];
  const groups = [...new Set(items.map(({ group }) => group))].map((group) => ({
    value: group,
    items: items.filter((item) => item.group === group),
  }));
  const choose = async (item: BarItem) => {
    const way = ways.find(({ name }) => name === item.name);
    const command = commands.find(({ name }) => name === item.name);
    setWrong(null);
    try {
      if (way !== undefined) {
        onClose();
        await way.run();
      } else if (command !== undefined) {
        const next = await runFromBar(desk, command, conversation);
        if (next === "form") setChosen(command);
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
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(item: BarItem) => `${item.label} ${item.name} ${item.detail ?? ""}`}
          >
            <div class={styles.input}>
              <Search aria-hidden="true" />
              <Autocomplete.Input placeholder="What would you like to do?" aria-label="Command" />
            </div>
            <Autocomplete.Empty className={styles.none}>No command has that in its name.</Autocomplete.Empty>
            <Autocomplete.List className={styles.list}>
              {(group: { value: string; items: BarItem[] }) => (
                <Autocomplete.Group key={group.value} items={group.items}>
                  <Autocomplete.GroupLabel className={styles.group}>{group.value}</Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(item: BarItem) => (
                      <Autocomplete.Item key={item.name} value={item} className={popups.item} onClick={() => choose(item)}>
                        <span class={styles.what}>
                          {item.label}
                          {item.detail !== undefined && <small>{item.detail}</small>}
                        </span>
                        {item.name.includes(".") && <span class={parts.command}>{item.name}</span>}
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
          <div class={wrong === null ? undefined : styles.wrong}>
            <Wrong>{wrong}</Wrong>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
