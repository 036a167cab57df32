import { Menu } from "@base-ui/react/menu";
import type { ComponentChildren } from "preact";
import button from "../look/button.module.css";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import type { Action } from "./actionsOn.ts";
import { perform } from "./perform.ts";

/** The actions where there is no room for buttons. */
export function ActionMenu({ actions, conversation, trigger }: { actions: Action[]; conversation: string; trigger: ComponentChildren }) {
  return (
    <Menu.Root>
      <Menu.Trigger className={`${button.button} ${button.plain} ${button.icon}`} aria-label="What to do with it">
        {trigger}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={popups.popup}>
          <Menu.Popup className={popups.menu}>
            {actions.map((action) => (
              <Menu.Item key={action.verb} className={popups.item} onClick={() => perform(action, conversation)}>
                <span class={parts.grow}>{action.label}</span>
                <span class={parts.command}>{action.instead?.command ?? `conversation.${action.verb}`}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
