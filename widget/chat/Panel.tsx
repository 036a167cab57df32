import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts/texts.ts";
import { Composer } from "./Composer.tsx";
import { ConnectionBar } from "./ConnectionBar.tsx";
import { fetchMore } from "./fetchMore.ts";
import { Header } from "./Header.tsx";
import type { PanelParts } from "./panelParts.ts";
import { Talking } from "./Talking.tsx";
import { lacksAnswers } from "./talk.ts";

const fullScreen = "(max-width: 480px)";
const focusable = "button:not([disabled]), select, textarea, input, a[href], [tabindex='0']";

export function Panel({ focus, close, ...parts }: PanelParts & { focus: boolean; close(): void }) {
  const { talk } = parts;
  const [menu, setMenu] = useState(false);
  const state = talk.state.value;
  const begun = talk.messages.value.length > 0 || talk.pending.value.length > 0;
  const queued = state?.controller === "queue";
  const ended = state?.open === false && begun;
  // A page from before the form was asked for learns of it by what its first message is refused for. What is on its way leaves it open.
  const asks = talk.pending.value.some(lacksAnswers) || (parts.prechat.value && !talk.messages.value[0] && talk.known.value);
  const asking = asks && !talk.answered.value;
  const fetched = menu || ended || asking || queued || state?.away ? fetchMore() : undefined;
  const more = fetched === "failed" ? undefined : fetched;
  const panel = useRef<HTMLElement>(null);
  const covers = matchMedia(fullScreen).matches;

  useEffect(() => {
    if (!focus) return;
    // A finger would get the keyboard over what it wants to read.
    const first = matchMedia("(pointer: coarse)").matches ? panel.current : panel.current?.querySelector("textarea");
    first?.focus();
  }, [focus]);

  useVisibleHeight(panel);

  function closeMenu(): void {
    setMenu(false);
    panel.current?.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      close();
    }
    if (event.key === "Tab" && covers) keepInside(event, panel.current);
  }

  return (
    <section ref={panel} class="panel" role="dialog" aria-modal={covers} aria-label={texts.chat} tabIndex={-1} onKeyDown={onKeyDown}>
      <Header talk={talk} menu={menu} openMenu={setMenu} close={close} />
      {more && menu && <more.Menu {...parts} close={closeMenu} />}
      {more && queued && <more.QueueBar talk={talk} />}
      {more && state?.away && <more.AwayBar talk={talk} away={state.away} />}
      <ConnectionBar talk={talk} />
      <Talking talk={talk} />
      {more && ended && <more.Ended talk={talk} />}
      {more && asking ? <more.Asking {...parts} /> : <Composer talk={talk} />}
    </section>
  );
}

/** A phone's keyboard covers the page's end: the panel is as high as what is seen above it. */
function useVisibleHeight(panel: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const seen = visualViewport;
    if (!seen) return undefined;
    // A phone that is turned may show the panel beside the page instead.
    const fitIn = () => {
      const [height, top] = matchMedia(fullScreen).matches ? [`${seen.height}px`, `${seen.offsetTop}px`] : ["", ""];
      if (panel.current) Object.assign(panel.current.style, { height, top });
    };
    fitIn();
    for (const event of ["resize", "scroll"]) seen.addEventListener(event, fitIn);
    return () => {
      for (const event of ["resize", "scroll"]) seen.removeEventListener(event, fitIn);
    };
  }, []);
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
