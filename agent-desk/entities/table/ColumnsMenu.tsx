import { Menu } from "@base-ui/react/menu";
import { Check, Columns3 } from "lucide-preact";
import type { Field } from "../../../src/protocol/blueprints.ts";
import button from "../../look/button.module.css";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { ofEach } from "../fields/ofEach.ts";
import { inOrder } from "./columns.ts";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface MenuLook {
  fields: readonly Field[];
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
}

/** Which columns are there. */
export function ColumnsMenu({ fields, look, onLook }: MenuLook) {
  return (
    <Menu.Root>
      <Menu.Trigger className={`${button.button} ${button.plain} ${button.small}`}>
        <Columns3 aria-hidden="true" /> Columns
        {look.hidden.length > ofEach.length - 1 && <span class={styles.count}>{look.hidden.length} hidden</span>}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
          <Menu.Popup className={`${popups.menu} ${styles.long}`}>
            {inOrder(fields, look).map(({ key, name }) => (
              <Menu.CheckboxItem
                key={key}
                className={popups.item}
                checked={!look.hidden.includes(key)}
                onCheckedChange={(isShown: boolean) =>
                  onLook({ hidden: isShown ? look.hidden.filter((one) => one !== key) : [...look.hidden, key] })
                }
              >
                <span class={styles.tick}>
                  <Menu.CheckboxItemIndicator>
                    <Check />
                  </Menu.CheckboxItemIndicator>
                </span>
                <span class={parts.grow}>{name}</span>
              </Menu.CheckboxItem>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
