import { useEffect, useRef } from "preact/hooks";
import { languages } from "../../src/protocol/languages.ts";
import type { PanelParts } from "../chat/panelParts.ts";
import { more, speakMore } from "../texts/more/moreTexts.ts";
import { language, texts } from "../texts/texts.ts";
import { MailTranscript } from "./MailTranscript.tsx";
import { saveTranscript } from "./transcript.ts";

/** What a visitor can do besides writing. Arrows go through it, Escape closes it. */
export function Menu({ talk, remembered, speakIn, close }: PanelParts & { close(): void }) {
  const list = useRef<HTMLDivElement>(null);
  const begun = talk.messages.value.length > 0;
  const silent = remembered.choice("sound") === "off";

  useEffect(() => {
    list.current?.querySelector<HTMLElement>("button, select")?.focus();
  }, []);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    if (step === undefined || !(event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const stops = [...(list.current?.querySelectorAll<HTMLElement>("button, select") ?? [])];
    stops.at((stops.indexOf(event.target) + step) % stops.length)?.focus();
  }

  const then = (act: () => void) => () => {
    act();
    close();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no part of a form
    <div ref={list} class="menu" role="group" aria-label={texts.menu} onKeyDown={onKeyDown}>
      <button type="button" aria-pressed={!silent} onClick={then(() => remembered.choose("sound", silent ? null : "off"))}>
        {more.sound} <span class="state">{silent ? more.no : more.yes}</span>
      </button>
      {begun && (
        <button type="button" onClick={then(() => void saveTranscript(talk))}>
          {more.transcript}
        </button>
      )}
      {begun && <MailTranscript talk={talk} />}
      {begun && talk.state.value?.open && (
        <button type="button" onClick={then(() => talk.send({ type: "end" }))}>
          {more.endChat}
        </button>
      )}
      {begun && (
        <button type="button" onClick={then(() => talk.greet({ anew: true }))}>
          {more.newConversation}
        </button>
      )}
      <label>
        {more.language}
        <select value={language} onChange={({ currentTarget }) => speakIn(currentTarget.value, speakMore)}>
          {languages.map((one) => (
            <option key={one} value={one}>
              {nameOf(one)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** A language as its own speakers call it. */
function nameOf(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}
