import type { CommandMessage } from "../../src/protocol/commands.ts";
import { Blocks } from "../conversation/Blocks.tsx";
import styles from "./Answered.module.css";

/** What a command answered, with its tables and charts. */
export function Answered({ messages }: { messages: readonly CommandMessage[] }) {
  return messages.map(({ text, blocks = [] }, index) => (
    <div key={index} class={styles.message}>
      <p dir="auto">{text}</p>
      <Blocks blocks={blocks} />
    </div>
  ));
}
