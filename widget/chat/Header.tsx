import { Bot, EllipsisVertical, Headset, Hourglass, X } from "lucide-preact";
import type { ConversationState } from "../../src/protocol/conversation.ts";
import { texts } from "../texts/texts.ts";
import type { Talk } from "./talk.ts";

interface HeaderProps {
  talk: Talk;
  menu: boolean;
  openMenu(open: boolean): void;
  close(): void;
}

/** Always says who answers: the assistant, nobody yet, or a person by name. */
export function Header({ talk, menu, openMenu, close }: HeaderProps) {
  const state = talk.state.value;
  const controller = state?.controller ?? "bot";
  return (
    <div class="head">
      <Avatar state={state} />
      <div class="grow">
        <h2 class="cut">{title(state)}</h2>
        <p class="small muted">{subtitle(state)}</p>
      </div>
      {controller === "bot" && state?.open && (
        <button
          type="button"
          class="button plain"
          title={texts.askForPerson}
          aria-label={texts.askForPerson}
          onClick={() => talk.press(lastOf(talk), { action: "person", label: texts.askForPerson })}
        >
          <Headset {...icon} />
        </button>
      )}
      <button
        type="button"
        class="button plain"
        title={texts.menu}
        aria-label={texts.menu}
        aria-haspopup="true"
        aria-expanded={menu}
        onClick={() => openMenu(!menu)}
      >
        <EllipsisVertical {...icon} />
      </button>
      <button type="button" class="button plain" title={texts.close} aria-label={texts.close} onClick={close}>
        <X {...icon} />
      </button>
    </div>
  );
}

const icon = { size: 18, strokeWidth: 1.75, "aria-hidden": true } as const;

function Avatar({ state }: { state: ConversationState | undefined }) {
  if (state?.controller === "agent") return <span class="avatar agent">{initials(title(state))}</span>;
  return (
    <span class={`avatar ${state?.controller ?? "bot"}`}>
      {state?.controller === "queue" ? <Hourglass {...icon} /> : <Bot {...icon} />}
    </span>
  );
}

function title(state: ConversationState | undefined): string {
  if (state?.controller === "agent") return state.agent?.name ?? texts.personAnswers;
  return state?.controller === "queue" ? texts.waitingForPerson : texts.assistant;
}

function subtitle(state: ConversationState | undefined): string {
  if (state === undefined) return texts.connecting;
  if (!state.open) return texts.closed;
  if (state.controller === "agent") return texts.personAnswers;
  return state.controller === "queue" ? texts.meanwhile : texts.assistantAnswers;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  return (words.length > 1 ? [words[0], words.at(-1)] : words)
    .map((word = "") => [...word].slice(0, 1))
    .join("")
    .toUpperCase();
}

function lastOf(talk: Talk): number {
  return talk.messages.peek().at(-1)?.seq ?? 0;
}
