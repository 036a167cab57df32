import { Menu } from "@base-ui/react/menu";
import { Check, Rows3 } from "lucide-preact";
import type { Field } from "../../../src/protocol/blueprints.ts";
import button from "../../look/button.module.css";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { groupChoices } from "./aggregates.ts";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface MenuLook {
  fields: readonly Field[];
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
}

/** By what the rows are gathered. */
export function GroupMenu({ fields, look, onLook }: MenuLook) {
  const choices = groupChoices(fields);
  const chosen = choices.find(({ term }) => term === look.group);
  return (
    <Menu.Root>
      <Menu.Trigger className={`${button.button} ${button.plain} ${button.small}`}>
        <Rows3 aria-hidden="true" /> {chosen === undefined ? "Group" : `By ${chosen.label}`}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
          <Menu.Popup className={`${popups.menu} ${styles.long}`}>
            <Menu.RadioGroup value={chosen?.term ?? ""} onValueChange={(term: string) => onLook({ group: term })}>
              {[{ term: "", label: "No groups" }, ...choices].map(({ term, label }) => (
                <Menu.RadioItem key={term} value={term} className={popups.item} closeOnClick>
                  <span class={styles.tick}>
                    <Menu.RadioItemIndicator>
                      <Check />
                    </Menu.RadioItemIndicator>
                  </span>
                  <span class={parts.grow}>{label}</span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
