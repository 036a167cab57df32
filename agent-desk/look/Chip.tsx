import type { ComponentChildren } from "preact";
import marks from "./marks.module.css";

export type Tone = "good" | "warn" | "bad" | "accent" | "note";

export function Chip({ tone, title, children }: { tone?: Tone | undefined; title?: string | undefined; children: ComponentChildren }) {
  return (
    <span class={tone === undefined ? marks.chip : `${marks.chip} ${marks[tone]}`} title={title}>
      {children}
    </span>
  );
}
