import { CircleCheck, CircleDashed } from "lucide-preact";
import type { ComponentChildren } from "preact";
import styles from "./Channels.module.css";
import type { AppView, Doing } from "./channels.ts";

export interface StepsLook {
  app: AppView;
  isConnected: boolean;
  onDo: (doing: Doing) => void;
}

/** One step, and whether it is done, as far as anybody here knows. */
export function Step({ title, done, children }: { title: string; done: boolean; children: ComponentChildren }) {
  const Mark = done ? CircleCheck : CircleDashed;
  return (
    <li>
      <h3>
        <Mark role="img" aria-label={done ? "Done" : "To do"} class={done ? styles.done : undefined} /> {title}
      </h3>
      {children}
    </li>
  );
}

/** A page of the service, in another tab. */
export function ServicePage({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}
