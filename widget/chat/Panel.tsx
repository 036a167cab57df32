import { useEffect, useRef } from "preact/hooks";
import { texts } from "../texts/texts.ts";
import { Composer } from "./Composer.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { Header } from "./Header.tsx";
import { lazily } from "./lazily.ts";
import { QueueBar } from "./QueueBar.tsx";
import { Talking } from "./Talking.tsx";
import type { Talk } from "./talk.ts";

const fetchAway = lazily(() => import("./AwayBar.tsx"));
const fullScreen = "(max-width: 480px)";
const focusable = "button:not([disabled]), textarea, input, a[href], [tabindex='0']";

export function Panel({ talk, focus, close }: { talk: Talk; focus: boolean; close(): void }) {
  const panel = useRef<HTMLElement>(null);
  const covers = matchMedia(fullScreen).matches;

  useEffect(() => {
    if (!focus) return;
    // A finger would get the keyboard over what it wants to read.
    const first = matchMedia("(pointer: coarse)").matches ? panel.current : panel.current?.querySelector("textarea");
    first?.focus();
  }, [focus]);

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && covers) keepInside(event, panel.current);
  }

  return (
    <section ref={panel} class="panel" role="dialog" aria-modal={covers} aria-label={texts.chat} tabIndex={-1} onKeyDown={onKeyDown}>
      <Header talk={talk} close={close} />
      <QueueBar talk={talk} />
      <Absence talk={talk} />
      <ConnectionBar talk={talk} />
      <Talking talk={talk} />
      <Composer talk={talk} />
    </section>
  );
}

/** The notice alone until its form is there. */
function Absence({ talk }: { talk: Talk }) {
  const away = talk.state.value?.away;
  if (away === undefined) return null;
  const part = fetchAway();
  return typeof part === "object" ? <part.AwayBar talk={talk} away={away} /> : <p class="bar">{away.text}</p>;
}

/** On a phone the panel covers the page: what is below it must not get the focus. */
function keepInside(event: KeyboardEvent, panel: HTMLElement | null): void {
  const stops = [...(panel?.querySelectorAll<HTMLElement>(focusable) ?? [])];
  const [first, last] = [stops[0], stops.at(-1)];
  const root = panel?.getRootNode();
  const active = root instanceof ShadowRoot ? root.activeElement : null;
  if (event.shiftKey ? active === first || active === panel : active === last) {
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }
}
