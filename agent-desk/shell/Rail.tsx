import { Boxes, Command, Inbox, Keyboard, ListChecks, MonitorUp, Search, Settings, SquareFunction, SquareTerminal } from "lucide-preact";
import { adminChatAddress, adminChatShown } from "../admin/adminChat.ts";
import { allowed } from "../commands/allowed.ts";
import { dataAddress, dataShown } from "../entities/dataRoute.ts";
import { Mark } from "../look/Mark.tsx";
import { Bell } from "../notices/Bell.tsx";
import { operationsAddress, operationsShown } from "../operations/operationsRoute.ts";
import { runsAddress, runsShown } from "../runs/runsRoute.ts";
import { StatusMenu } from "../status/StatusMenu.tsx";
import { wallboardAddress, wallboardShown } from "../wallboard/wallboard.ts";
import desk from "./Desk.module.css";
import { useDesk } from "./deskContext.ts";
import { opened } from "./opened.ts";
import styles from "./Rail.module.css";
import { addressOf, route } from "./route.ts";
import { phone } from "./screen.ts";

/** The rooms of the desk. Only those that exist stand here. */
export function Rail() {
  const { counts } = useDesk();
  const waiting = counts.value.queue;
  return (
    <nav class={`${styles.rail} ${desk.rail}`} data-part="rail" aria-label="Main">
      <span class={styles.mark}>
        <Mark />
      </span>
      <a
        class={styles.room}
        href={addressOf({ ...route.value, conversation: null, person: false, settings: null })}
        aria-current={
          route.value.settings === null &&
          !wallboardShown.value &&
          !adminChatShown.value &&
          runsShown.value === undefined &&
          dataShown.value === undefined &&
          operationsShown.value === undefined
            ? "page"
            : undefined
        }
        aria-label={waiting === 0 ? "Inbox" : `Inbox, ${waiting} waiting`}
        title="Inbox"
      >
        <Inbox strokeWidth={1.7} />
        {waiting > 0 && (
          <span class={styles.count} aria-hidden="true">
            {waiting > 99 ? "99+" : waiting}
          </span>
        )}
      </a>
      <a
        class={styles.room}
        href={wallboardAddress}
        aria-current={wallboardShown.value ? "page" : undefined}
        aria-label="Wallboard"
        title="Wallboard"
      >
        <MonitorUp strokeWidth={1.7} />
      </a>
      {allowed.value.has("blueprint.list") && (
        <a
          class={styles.room}
          href={dataAddress}
          aria-current={dataShown.value === undefined ? undefined : "page"}
          aria-label="Data"
          title="Data"
        >
          <Boxes strokeWidth={1.7} />
        </a>
      )}
      {allowed.value.has("operation.list") && (
        <a
          class={styles.room}
          href={operationsAddress}
          aria-current={operationsShown.value === undefined ? undefined : "page"}
          aria-label="Operations"
          title="Operations"
        >
          <SquareFunction strokeWidth={1.7} />
        </a>
      )}
      <a
        class={styles.room}
        href={runsAddress}
        aria-current={runsShown.value === undefined ? undefined : "page"}
        aria-label="Runs"
        title="Runs"
      >
        <ListChecks strokeWidth={1.7} />
      </a>
      {allowed.value.has("member.list") && (
        <a
          class={styles.room}
          href={adminChatAddress}
          aria-current={adminChatShown.value ? "page" : undefined}
          aria-label="Admin chat"
          title="Admin chat"
        >
          <SquareTerminal strokeWidth={1.7} />
        </a>
      )}
      <a
        class={styles.room}
        href={addressOf({ ...route.value, settings: "canned" })}
        aria-current={route.value.settings === null ? undefined : "page"}
        aria-label="Settings"
        title="Settings"
      >
        <Settings strokeWidth={1.7} />
      </a>
      <span class={styles.grow} />
      {!phone.value && <Bell side="right" />}
      <button
        type="button"
        class={styles.tool}
        aria-label="Search"
        title="Search (S)"
        onClick={() => {
          opened.value = "search";
        }}
      >
        <Search strokeWidth={1.7} />
      </button>
      <button
        type="button"
        class={styles.tool}
        aria-label="Commands"
        title="Commands (Ctrl/Cmd K)"
        onClick={() => {
          opened.value = "commands";
        }}
      >
        <Command strokeWidth={1.7} />
      </button>
      <button
        type="button"
        class={styles.tool}
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={() => {
          opened.value = "shortcuts";
        }}
      >
        <Keyboard strokeWidth={1.7} />
      </button>
      <StatusMenu side="right" />
    </nav>
  );
}
