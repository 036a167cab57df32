import type { ChatColours } from "../../protocol/inbox.ts";

/** The chat's own surfaces and what stands on its accent, as `widget/chat/tokens.css` has them. */
const themes = {
  light: { surface: "#ffffff", onAccent: "#ffffff", towards: 0 },
  dark: { surface: "#15171c", onAccent: "#0b1024", towards: 255 },
};

/**
 * More than the 4.5 of WCAG 2.2, 1.4.3: the accent is also text on a softer surface of its own, and a bubble that is being sent is a little
 * paler.
 */
const leastContrast = 5.5;

/** A site's colour (`#rrggbb`) as the chat can use it in both themes: as dark or as light as it must be for text on it, and for itself as text. */
export function chatColours(colour: string): ChatColours {
  return { light: inTheme(colour, themes.light), dark: inTheme(colour, themes.dark) };
}

function inTheme(colour: string, { surface, onAccent, towards }: (typeof themes)["light"]) {
  const parts = partsOf(colour);
  for (let percent = 0; percent <= 100; percent += 2) {
    const accent = written(parts.map((part) => Math.round(part + ((towards - part) * percent) / 100)));
    if (contrast(accent, surface) >= leastContrast && contrast(accent, onAccent) >= leastContrast) return { accent, onAccent };
  }
  throw new Error(`no shade of ${colour} can be read on ${surface}`);
}

/** Of two colours, 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
}

/** WCAG 2.2, "relative luminance". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = partsOf(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function partsOf(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

function written(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
