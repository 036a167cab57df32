import type { ComponentChildren } from "preact";
import parts from "./parts.module.css";

/** What would stand here, and the first step towards it. */
export function Empty({ icon, title, children }: { icon?: ComponentChildren; title: string; children?: ComponentChildren }) {
  return (
    <div class={parts.empty}>
      {icon}
      <b>{title}</b>
      {children}
    </div>
  );
}
