import { Bot } from "lucide-preact";
import type { ComponentChildren } from "preact";
import marks from "./marks.module.css";

interface AvatarLook {
  name: string;
  kind?: "person" | "bot";
  size?: "tiny" | "large";
  children?: ComponentChildren;
}

/** Initials on a colour that stays the same for a name. It repeats a name that stands beside it, so it is silent for screen readers. */
export function Avatar({ name, kind = "person", size, children }: AvatarLook) {
  const look = [marks.avatar, kind === "bot" && marks.bot, size && marks[size]].filter(Boolean).join(" ");
  return (
    <span class={look} style={`--hue: ${hueOf(name)}`} aria-hidden="true">
      {kind === "bot" ? <Bot strokeWidth={1.6} /> : initials(name)}
      {children}
    </span>
  );
}

/** "Ana Lima" is AL, "Visitor 4821" is V4, a name without letters its first sign. */
function initials(name: string): string {
  const words = name.trim().split(/\s+/u);
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

function hueOf(name: string): number {
  let hue = 0;
  for (const sign of name) hue = (hue * 31 + (sign.codePointAt(0) ?? 0)) % 360;
  return hue;
}
