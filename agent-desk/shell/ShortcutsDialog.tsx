import { Dialog } from "../look/Dialog.tsx";
import { Kbd } from "../look/Kbd.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Scrolled } from "../look/Scrolled.tsx";
import styles from "./ShortcutsDialog.module.css";
import { shortcuts } from "./shortcuts.ts";

export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const groups = [...new Set(shortcuts.map(({ group }) => group))];
  return (
    <Dialog title="Keyboard shortcuts" wide onClose={onClose}>
      <Scrolled label="All shortcuts" class={`${popups.dialogBody} ${styles.all}`}>
        {groups.map((group) => (
          <section key={group} class={styles.group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts
                .filter((each) => each.group === group)
                .map(({ keys, does }) => (
                  <div key={does}>
                    <dt>{does}</dt>
                    <dd>
                      <span class={parts.hidden}>{keys.join(" or ")}</span>
                      {keys.map((each) => (
                        <Kbd key={each}>{each}</Kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </Scrolled>
    </Dialog>
  );
}
