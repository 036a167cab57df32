import {
  AlarmClockOff,
  ArrowLeft,
  Bot,
  CheckCheck,
  EllipsisVertical,
  Hand,
  Headset,
  MailCheck,
  PanelRight,
  RotateCcw,
  Send,
  ShieldCheck,
  Timer,
  UserRoundCheck,
  X,
} from "lucide-preact";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { allowed } from "../commands/allowed.ts";
import { ServiceChip } from "../inbox/ServiceChip.tsx";
import { waited, waitTone } from "../inbox/waiting.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { ItemMenu, type MenuItem } from "../look/ItemMenu.tsx";
import marks from "../look/marks.module.css";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { opened } from "../shell/opened.ts";
import { personShown, togglePerson } from "../shell/personPanel.ts";
import { go } from "../shell/route.ts";
import { phone } from "../shell/screen.ts";
import { acting } from "./act.ts";
import { type Action, actionsOn } from "./actionsOn.ts";
import styles from "./Conversation.module.css";
import { perform } from "./perform.ts";

const icons: Partial<Record<Action["verb"], typeof Bot>> = {
  accept: UserRoundCheck,
  decline: X,
  "take-over": Hand,
  take: UserRoundCheck,
  "hand-back": Bot,
  transfer: Send,
  close: CheckCheck,
  reopen: RotateCcw,
  wake: AlarmClockOff,
  "not-spam": MailCheck,
  unblock: ShieldCheck,
};

/** Whose conversation this is, who answers it, and what can be done with it. */
export function Head({ head }: { head: ConversationHead }) {
  const { account } = useDesk();
  const actions = actionsOn(head, account.id, allowed.value.has("conversation.take-over"));
  const seldom = actions.filter((action) => action.seldom);
  return (
    <header class={styles.head}>
      <span class={desk.back}>
        <Button tone="plain" label="Back to the list" onClick={() => go({ conversation: null })}>
          <ArrowLeft />
        </Button>
      </span>
      <Avatar name={head.contact.name} />
      <div class={styles.title}>
        <div class={styles.name}>
          {phone.value ? <h1 dir="auto">{head.contact.name}</h1> : <h2 dir="auto">{head.contact.name}</h2>}
          <Answers head={head} me={account.id} />
          {head.open && head.service !== undefined && <ServiceChip service={head.service} />}
        </div>
        <div class={styles.where}>
          <span class={`${marks.dot} ${head.visitorConnected ? marks.online : marks.offline}`} />
          <span>
            {head.visitorConnected ? "On the page" : "Not on the page"} · <bdi>{head.inbox.name}</bdi> · <bdi>{head.team}</bdi>
          </span>
        </div>
      </div>
      <div class={styles.actions}>
        <span class={styles.wideOnly}>
          {actions.flatMap((action) => (action.seldom ? [] : <ActionButton key={action.verb} action={action} conversation={head.id} />))}
        </span>
        <span class={actions.length === 0 ? styles.never : styles.narrowOnly}>
          <ItemMenu label="What to do with it" items={[...itemsOf(actions, head.id), ...recording()]} />
        </span>
        <span class={seldom.length === 0 && recording().length === 0 ? styles.never : styles.wideOnly}>
          <ItemMenu label="What to do with it" items={[...itemsOf(seldom, head.id), ...recording()]} />
        </span>
        <Button tone="plain" label="The person" keys="P" pressed={personShown.value} onClick={togglePerson}>
          <PanelRight />
        </Button>
      </div>
    </header>
  );
}

/** What was done here by hand may become a command of its own. */
function recording(): MenuItem[] {
  if (!allowed.value.has("operation.record")) return [];
  const onClick = () => {
    opened.value = "record";
  };
  return [{ label: "Make a command of this…", command: "operation.record", onClick }];
}

/** The actions where there is no room for buttons. */
function itemsOf(actions: readonly Action[], conversation: string): MenuItem[] {
  return actions.map((action) => ({ label: action.label, command: commandOf(action), onClick: () => perform(action, conversation) }));
}

function commandOf({ verb, instead }: Action): string {
  return instead?.command ?? `conversation.${verb}`;
}

function ActionButton({ action, conversation }: { action: Action; conversation: string }) {
  const busy = acting.value?.conversation === conversation && acting.value.command === `conversation.${action.verb}`;
  const Icon = icons[action.verb] ?? EllipsisVertical;
  return (
    <Button
      small
      tone={action.primary ? "primary" : undefined}
      disabled={busy}
      tip={action.hint}
      command={commandOf(action)}
      keys={action.keys}
      onClick={() => perform(action, conversation)}
    >
      <Icon aria-hidden="true" />
      {/* Where there is little room its sign stands for it: the name of the person needs it more. */}
      <span class={action.primary ? undefined : styles.label}>{busy ? action.doing : action.label}</span>
    </Button>
  );
}

function Answers({ head, me }: { head: ConversationHead; me: string }) {
  if (!head.open)
    return (
      <Chip>
        <CheckCheck aria-hidden="true" /> closed
      </Chip>
    );
  if (head.controller === "bot")
    return (
      <Chip>
        <Bot aria-hidden="true" /> assistant answers
      </Chip>
    );
  if (head.controller === "queue") {
    const since = head.queuedAt ?? head.lastAt;
    return (
      <Chip tone={waitTone(since, now.value) ?? "accent"}>
        <Timer aria-hidden="true" /> waits {waited(since, now.value)}
      </Chip>
    );
  }
  return (
    <Chip tone={head.agent?.id === me ? "accent" : undefined}>
      <Headset aria-hidden="true" /> {head.agent?.id === me ? "you answer" : `${head.agent?.name ?? "a colleague"} answers`}
    </Chip>
  );
}
