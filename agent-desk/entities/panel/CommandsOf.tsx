import { knownCommands } from "../../commands/allowed.ts";
import { beginLine } from "../../shell/opened.ts";
import styles from "./Panel.module.css";

/** What can be done with an entity in a line, here as anywhere. */
export function CommandsOf({ blueprint, title, id, isTrashed }: { blueprint: string; title: string; id: string; isTrashed: boolean }) {
  const offered = (knownCommands.value ?? []).filter(
    ({ name, args }) =>
      name.startsWith(`${blueprint}.`) && args.properties["entityId"] !== undefined && name.endsWith(".restore") === isTrashed,
  );
  if (offered.length === 0) return null;
  const called = /^[\p{L}\p{N}-]+$/u.test(title) && !isTrashed ? title : id;
  return (
    <section class={styles.section} aria-label="Commands">
      <h3>Commands</h3>
      <ul class={styles.commands}>
        {offered.map(({ name, summary }) => (
          <li key={name}>
            <button type="button" title={summary} onClick={() => beginLine(`${name} entityId:${called}`)}>
              /{name} {called}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
