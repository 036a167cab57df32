import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { texts } from "../texts/texts.ts";

const signs =
  "🙂 😀 😄 😂 😉 😊 😍 😘 😎 🤔 😐 😮 😢 😭 😡 😴 🤒 🥳 🤝 👍 👎 👏 🙏 💪 👋 ✌️ 🤞 👌 ❤️ 💔 🔥 ⭐ 🎉 🎁 ✅ ❌ ❓ ❗ ☀️ 🌧️ ☕ 🍕 🚗 📦 💳 📄 📅 ⏰".split(
    " ",
  );
const columns = 8;

/** A few of them, by arrows and Enter; everything else comes from the system's own picker. */
export function Emoji({ box, change, close }: { box: RefObject<HTMLTextAreaElement | null>; change(text: string): void; close(): void }) {
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => {
    grid.current?.querySelector("button")?.focus();
  }, []);

  function pick(sign: string): void {
    const area = box.current;
    if (area === null) return;
    area.setRangeText(sign, area.selectionStart, area.selectionEnd, "end");
    change(area.value);
    close();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
    const across =
      getComputedStyle(event.currentTarget instanceof Element ? event.currentTarget : document.body).direction === "rtl" ? -1 : 1;
    const step = { ArrowRight: across, ArrowLeft: -across, ArrowDown: columns, ArrowUp: -columns }[event.key];
    if (step === undefined || !(event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const all = [...(grid.current?.querySelectorAll("button") ?? [])];
    all[all.indexOf(event.target) + step]?.focus();
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: it is no part of a form
    <div ref={grid} class="emoji" role="group" aria-label={texts.emoji} onKeyDown={onKeyDown}>
      {signs.map((sign, index) => (
        <button key={sign} type="button" tabIndex={index === 0 ? 0 : -1} onClick={() => pick(sign)}>
          {sign}
        </button>
      ))}
    </div>
  );
}
