import type { ComponentChildren } from "preact";
import { Mark } from "../look/Mark.tsx";
import factor from "./SecondFactor.module.css";
import styles from "./SignIn.module.css";

/** A step of signing in, alone on the page. */
export function SignInCard({
  title,
  lead,
  wide = false,
  children,
}: {
  title: string;
  lead: string;
  wide?: boolean;
  children: ComponentChildren;
}) {
  return (
    <main class={styles.page}>
      <div class={wide ? `${styles.card} ${factor.wide}` : styles.card}>
        <div class={styles.brand}>
          <Mark />
          Switchboard
        </div>
        <h1 class={styles.title}>{title}</h1>
        <p class={styles.lead}>{lead}</p>
        {children}
      </div>
    </main>
  );
}
