import type { RefObject } from "preact";
import { more } from "../texts/more/moreTexts.ts";

/** Shows more above what is read, which stays where it is. */
export function Earlier({ scroller, show }: { scroller: RefObject<HTMLElement | null>; show(): void }) {
  function keepPlace(): void {
    const box = scroller.current;
    const fromEnd = box === null ? 0 : box.scrollHeight - box.scrollTop;
    show();
    requestAnimationFrame(() => {
      if (box !== null) box.scrollTop = box.scrollHeight - fromEnd;
    });
  }

  return (
    <button type="button" class="button plain earlier" onClick={keepPlace}>
      {more.earlier}
    </button>
  );
}
