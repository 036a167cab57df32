import { Menu } from "@base-ui/react/menu";
import {
  Check,
  ChevronDown,
  KeyRound,
  LogOut,
  Monitor,
  MonitorUp,
  Moon,
  Search,
  Settings,
  SquareFunction,
  Sun,
  Undo2,
  Wifi,
  WifiOff,
} from "lucide-preact";
import { useRef, useState } from "preact/hooks";
import type { Presence } from "../../src/protocol/desk.ts";
import { allowed } from "../commands/allowed.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Avatar } from "../look/Avatar.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { theme } from "../look/theme.ts";
import { Wrong } from "../look/Wrong.tsx";
import { operationsAddress } from "../operations/operationsRoute.ts";
import { signOut } from "../session/session.ts";
import { useDesk } from "../shell/deskContext.ts";
import { opened } from "../shell/opened.ts";
import { go } from "../shell/route.ts";
import { wallboardAddress } from "../wallboard/wallboard.ts";
import { declarePresence, labelOf, presences } from "./presence.ts";
import styles from "./Status.module.css";

/** What I declared, whether I am connected (two things), and what is mine to set. `right` is the rail's avatar, `bottom` the chip above the list. */
export function StatusMenu({ side }: { side: "right" | "bottom" }) {
  const desk = useDesk();
  const [wrong, setWrong] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const presence = desk.presence.value;
  const connected = desk.connected.value;
  const holding = desk.counts.value.mine;
  const name = `${desk.account.name}: ${labelOf(presence)}, ${connected ? "connected" : "not connected"}, ${holding} held`;

  const choose = async (presence: Presence) => {
    setWrong(null);
    try {
      await declarePresence(desk, presence);
    } catch (error) {
      setWrong(sentence(error));
      setOpen(true);
    }
  };
  const hold = (on: boolean) => runCommand("me.undo-send", { on }).catch((error: unknown) => setWrong(sentence(error)));
  const leave = () => signOut().catch((error: unknown) => setWrong(sentence(error)));

  return (
    <div ref={place}>
      <Menu.Root open={isOpen} onOpenChange={setOpen}>
        <Menu.Trigger className={side === "right" ? `${styles.trigger} ${styles.round}` : styles.trigger} aria-label={name}>
          {side === "right" ? (
            <Avatar name={desk.account.name}>
              <span class={styles.corner}>
                <span class={`${marks.dot} ${marks[presence]}`} />
              </span>
            </Avatar>
          ) : (
            <span class={`${styles.chip} ${connected ? styles[presence] : styles.lost}`}>
              {connected ? <span class={`${marks.dot} ${marks[presence]}`} /> : <WifiOff />}
              {labelOf(presence)}
              {connected ? ` · ${holding} held` : " · reconnecting"}
              <ChevronDown />
            </span>
          )}
        </Menu.Trigger>
        {/* Drawn where it was opened: at the end of the document it would stand outside of every landmark. */}
        <Menu.Portal container={place}>
          <Menu.Positioner side={side} align="end" sideOffset={8} className={popups.popup}>
            <Menu.Popup className={popups.menu}>
              <div class={popups.menuTitle}>
                <b>{desk.account.name}</b>
                {desk.account.email}
              </div>
              <div class={styles.connection}>
                {connected ? <Wifi /> : <WifiOff />}
                {connected ? "Connected" : "Not connected, trying again"} · {holding} held
              </div>
              <Menu.RadioGroup value={presence}>
                {presences.map((each) => (
                  <Menu.RadioItem
                    key={each.presence}
                    className={popups.item}
                    value={each.presence}
                    closeOnClick
                    onClick={() => choose(each.presence)}
                  >
                    <span class={`${marks.dot} ${marks[each.presence]}`} />
                    <span class={styles.what}>
                      {each.label}
                      <span>{each.meaning}</span>
                    </span>
                    {each.presence === presence ? <Check /> : <span class={parts.command}>{each.command}</span>}
                  </Menu.RadioItem>
                ))}
              </Menu.RadioGroup>
              {wrong !== null && (
                <div class={popups.menuTitle}>
                  <Wrong>{wrong}</Wrong>
                </div>
              )}
              <div class={popups.separator} />
              <Menu.RadioGroup value={theme.value} onValueChange={chooseTheme} aria-label="Colours">
                <div class={styles.themes}>
                  <span>Colours</span>
                  {themes.map(({ value, label, icon: Icon }) => (
                    <Menu.RadioItem key={value} value={value} className={popups.item} aria-label={label} title={label} closeOnClick={false}>
                      <Icon color={theme.value === value ? "var(--accent)" : "var(--muted)"} />
                    </Menu.RadioItem>
                  ))}
                </div>
              </Menu.RadioGroup>
              <Menu.CheckboxItem className={popups.item} checked={desk.undoSend.value} onCheckedChange={hold} closeOnClick={false}>
                <Undo2 />
                <span class={styles.what}>
                  Undo send
                  <span>Hold my replies for 5 seconds</span>
                </span>
                {desk.undoSend.value ? <Check /> : <span class={parts.command}>me.undo-send</span>}
              </Menu.CheckboxItem>
              <div class={popups.separator} />
              {/* On a phone there is no rail. */}
              <Menu.Item
                className={popups.item}
                onClick={() => {
                  location.hash = wallboardAddress;
                }}
              >
                <MonitorUp />
                Wallboard
              </Menu.Item>
              {allowed.value.has("operation.list") && (
                <Menu.Item
                  className={popups.item}
                  onClick={() => {
                    location.hash = operationsAddress;
                  }}
                >
                  <SquareFunction />
                  Operations
                </Menu.Item>
              )}
              <Menu.Item
                className={popups.item}
                onClick={() => {
                  opened.value = "search";
                }}
              >
                <Search />
                Search everything
              </Menu.Item>
              <Menu.Item className={popups.item} onClick={() => go({ settings: "canned" })}>
                <Settings />
                Answers, macros, tags
              </Menu.Item>
              <Menu.Item
                className={popups.item}
                onClick={() => {
                  opened.value = "password";
                }}
              >
                <KeyRound />
                <span class={parts.grow}>Change password</span>
                <span class={parts.command}>me.password</span>
              </Menu.Item>
              <Menu.Item className={popups.item} onClick={leave}>
                <LogOut />
                Sign out
              </Menu.Item>
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}

const themes = [
  { value: "system", label: "As the system", icon: Monitor },
  { value: "light", label: "Light", icon: Sun },
  { value: "dark", label: "Dark", icon: Moon },
] as const;

function chooseTheme(value: unknown): void {
  theme.value = value === "light" || value === "dark" ? value : "system";
}
