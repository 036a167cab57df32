import { Menu } from "@base-ui/react/menu";
import type { ComponentChildren } from "preact";
import parts from "../look/parts.module.css";
import type { Action } from "./actionsOn.ts";
import { perform } from "./perform.ts";

/** The actions where there is no room for buttons. */
export function ActionMenu({ actions, conversation, trigger }: { actions: Action[]; conversation: string; trigger: ComponentChildren }) {
  return (
    <Menu.Root>
      <Menu.Trigger className={`${parts.button} ${parts.plain} ${parts.icon}`} aria-label="What to do with it">
        {trigger}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner align="end" sideOffset={6} className={parts.popup}>
          <Menu.Popup className={parts.menu}>
            {actions.map((action) => (
              <Menu.Item key={action.verb} className={parts.item} onClick={() => perform(action, conversation)}>
                <span class={parts.grow}>{action.label}</span>
                <span class={parts.command}>conversation.{action.verb}</span>
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
