import { Menu } from "@base-ui/react/menu";
import { EllipsisVertical } from "lucide-preact";
import button from "./button.module.css";
import parts from "./parts.module.css";
import popups from "./popups.module.css";

export interface MenuItem {
  label: string;
  /** The command that it runs. */
  command: string;
  onClick: () => void;
}

/** What can be done, in words, where there is no room for a button each; `label` says to what. */
export function ItemMenu({ label, items }: { label: string; items: readonly MenuItem[] }) {
  return (
    <Menu.Root>
      <Menu.Trigger className={`${button.button} ${button.plain} ${button.icon}`} aria-label={label}>
        <EllipsisVertical />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
          <Menu.Popup className={popups.menu}>
            {items.map((item) => (
              <Menu.Item key={item.label} className={popups.item} onClick={item.onClick}>
                <span class={parts.grow}>{item.label}</span>
                <span class={parts.command}>{item.command}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
