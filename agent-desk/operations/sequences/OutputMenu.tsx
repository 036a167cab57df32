import { Menu } from "@base-ui/react/menu";
import { Link2 } from "lucide-preact";
import button from "../../look/button.module.css";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import type { Output, OutputGroup, OutputType } from "./outputs.ts";
import styles from "./Sequence.module.css";

export const typeNames: Record<OutputType, string> = {
  ...{ text: "text", number: "number", time: "time", yesNo: "yes or no", list: "list", fields: "fields" },
};

interface MenuLook {
  /** For what a value is chosen: its label. */
  label: string;
  groups: readonly OutputGroup[];
  onChoose: (output: Output) => void;
}

/** What may be taken from the steps before, from the row and from what is asked for, each with its type. */
export function OutputMenu({ label, groups, onChoose }: MenuLook) {
  return (
    <Menu.Root>
      <Menu.Trigger
        className={`${button.button} ${button.plain} ${button.small} ${button.icon}`}
        aria-label={`Take ${label} from …`}
        title="Take it from a step before"
      >
        <Link2 />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={4} className={popups.popup}>
          <Menu.Popup className={`${popups.menu} ${styles.menu}`}>
            {groups.map(({ title, outputs, unknown }) => (
              <Menu.Group key={title}>
                <Menu.GroupLabel className={styles.group}>{title}</Menu.GroupLabel>
                {unknown === true && <p class={styles.unknown}>Try it once, and choose here what it finds.</p>}
                {outputs.map((output) => (
                  <Menu.Item key={output.slot} className={popups.item} onClick={() => onChoose(output)}>
                    <span class={parts.grow}>{output.label}</span>
                    <span class={parts.command}>{typeNames[output.type]}</span>
                  </Menu.Item>
                ))}
              </Menu.Group>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
