import type { Parameter } from "../../src/protocol/operations.ts";
import parts from "../look/parts.module.css";
import { useDesk } from "../shell/deskContext.ts";
import type { Body } from "./draft.ts";
import { exampleText } from "./exampleText.ts";
import styles from "./Message.module.css";

/** As somebody would read it, with what its slots may stand for. */
export function MessageExample({ body, parameters }: { body: Body; parameters: readonly Parameter[] }) {
  const { account } = useDesk();
  const [subject, text] = [body["subject"], body["text"]].map((each) => (typeof each === "string" ? each : ""));
  if (text === undefined || text === "") return null;
  const read = (written: string) => exampleText(written, parameters, account);
  return (
    <figure class={styles.example} aria-label="Example">
      <figcaption class={parts.hint}>As Ana would read it</figcaption>
      {subject !== undefined && subject !== "" && <b dir="auto">{read(subject)}</b>}
      <p dir="auto">{body["by"] === "notice" ? `${account.name}: ${read(text)}` : read(text)}</p>
    </figure>
  );
}
