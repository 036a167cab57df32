import { fillSlots, slotValues, versionFor } from "../../src/protocol/slots.ts";
import { runMacro } from "../aids/runMacro.ts";
import { composing } from "../conversation/composing.ts";
import { mayReply } from "../conversation/mayReply.ts";
import type { DeskState } from "../live/deskState.ts";
import { opened } from "../shell/opened.ts";
import { go, type SettingsPage } from "../shell/route.ts";
import type { BarItem } from "./barItems.ts";
import { runCommand } from "./run.ts";

export type Way = BarItem & { run: () => unknown };

const settings: { page: SettingsPage; label: string }[] = [
  { page: "canned", label: "Canned answers" },
  { page: "macros", label: "Macros" },
  { page: "views", label: "Saved views" },
  { page: "tags", label: "Tags" },
  { page: "fields", label: "Fields of your own" },
];

/** What helps here: macros and canned answers on the open conversation, its tags, saved views, colleagues, and where all of it is prepared. */
export function aidWays(desk: DeskState, conversation: string | null): Way[] {
  const { aids, account } = desk;
  const head = conversation === null ? null : desk.open(conversation).facts.peek().head;
  const onHead: Way[] =
    head === null
      ? []
      : [
          ...aids.macros.value.map((macro) => ({
            group: "Macros",
            name: `macro ${macro.id}`,
            label: macro.name,
            detail: "Run this macro",
            run: () => runMacro(head.id, macro),
          })),
          ...(mayReply(head, account.id).may ? aids.canned.value : []).map((canned) => {
            const text = versionFor(canned.texts, [head.language, head.contact.locale, ...navigator.languages]);
            return {
              group: "Canned answers",
              name: `canned ${canned.id}`,
              label: canned.name,
              detail: text.slice(0, 80),
              run: () => composing.handle.current?.write("reply", fillSlots(text, slotValues(head, account)).text),
            };
          }),
          ...aids.tags.value.map((tag) => {
            const on = head.tags.includes(tag.id);
            return {
              group: "Tags",
              name: `tag ${tag.id}`,
              label: on ? `Take off the tag ${tag.name}` : `Tag ${tag.name}`,
              run: () => runCommand(on ? "conversation.untag" : "conversation.tag", { conversation: head.id, tag: tag.id }),
            };
          }),
        ];
  return [
    ...onHead,
    {
      group: "Go to",
      name: "search",
      label: "Search everything",
      detail: "Messages, people, conversations",
      run: () => {
        opened.value = "search";
      },
    },
    ...aids.views.value.map(({ id, name }) => ({
      group: "Go to",
      name: `view ${id}`,
      label: `Show ${name}`,
      run: () => go({ saved: id }),
    })),
    ...settings.map(({ page, label }) => ({ group: "Settings", name: `settings ${page}`, label, run: () => go({ settings: page }) })),
  ];
}
