import { Menu } from "@base-ui/react/menu";
import { ArrowDownUp, Check } from "lucide-preact";
import type { Field } from "../../../src/protocol/blueprints.ts";
import button from "../../look/button.module.css";
import parts from "../../look/parts.module.css";
import popups from "../../look/popups.module.css";
import { isSortable } from "../fields/fieldTypes.ts";
import { ofEach } from "../fields/ofEach.ts";
import styles from "./Table.module.css";
import type { TableLook } from "./tableLook.ts";

interface MenuLook {
  fields: readonly Field[];
  look: TableLook;
  onLook: (changes: Partial<TableLook>) => void;
}

/** In which order they come, where no column's name says it. */
export function SortMenu({ fields, look, onLook }: MenuLook) {
  const sortable = [...fields, ...ofEach].filter(isSortable);
  const [term = ""] = look.sort;
  const isDown = term.startsWith("-");
  const by = sortable.find(({ key }) => key === term.replace(/^-/, ""));
  return (
    <Menu.Root>
      <Menu.Trigger className={`${button.button} ${button.plain} ${button.small}`}>
        <ArrowDownUp aria-hidden="true" /> {by === undefined ? "Order" : `By ${by.name}${isDown ? ", downwards" : ""}`}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
          <Menu.Popup className={`${popups.menu} ${styles.long}`}>
            <Menu.RadioGroup
              value={by?.key ?? ""}
              onValueChange={(key: string) => onLook({ sort: key === "" ? [] : [isDown ? `-${key}` : key] })}
            >
              {[{ key: "", name: "The last made first" }, ...sortable].map(({ key, name }) => (
                <Menu.RadioItem key={key} value={key} className={popups.item}>
                  <span class={styles.tick}>
                    <Menu.RadioItemIndicator>
                      <Check />
                    </Menu.RadioItemIndicator>
                  </span>
                  <span class={parts.grow}>{name}</span>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
            {by !== undefined && <div class={popups.separator} />}
            {by !== undefined && (
              <Menu.CheckboxItem
                className={popups.item}
                checked={isDown}
                onCheckedChange={(down: boolean) => onLook({ sort: [down ? `-${by.key}` : by.key] })}
              >
                <span class={styles.tick}>
                  <Menu.CheckboxItemIndicator>
                    <Check />
                  </Menu.CheckboxItemIndicator>
                </span>
                <span class={parts.grow}>Downwards</span>
              </Menu.CheckboxItem>
            )}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
