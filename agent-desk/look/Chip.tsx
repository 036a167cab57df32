import type { ComponentChildren } from "preact";
import parts from "./parts.module.css";

export type Tone = "good" | "warn" | "bad" | "accent" | "note";

export function Chip({ tone, title, children }: { tone?: Tone | undefined; title?: string | undefined; children: ComponentChildren }) {
  return (
    <span class={tone === undefined ? parts.chip : `${parts.chip} ${parts[tone]}`} title={title}>
      {children}
    </span>
  );
}
