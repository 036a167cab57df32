import { CommandBar } from "../commands/CommandBar.tsx";
import { CommandForm } from "../commands/CommandForm.tsx";
import { BlockDialog } from "../conversation/BlockDialog.tsx";
import { HandBackDialog } from "../conversation/HandBackDialog.tsx";
import { InviteDialog } from "../conversation/InviteDialog.tsx";
import { MergeDialog } from "../conversation/MergeDialog.tsx";
import { SnoozeDialog } from "../conversation/SnoozeDialog.tsx";
import { TransferDialog } from "../conversation/TransferDialog.tsx";
import { RecordDialog } from "../runs/RecordDialog.tsx";
import { SearchDialog } from "../search/SearchDialog.tsx";
import { type Opened, opened } from "./opened.ts";
import { route } from "./route.ts";
import { ShortcutsDialog } from "./ShortcutsDialog.tsx";

const close = () => {
  opened.value = null;
};

/** What lies over the desk; fetched when first needed. */
export function Dialogs({ which }: { which: Exclude<Opened, null> }) {
  const { conversation } = route.value;
  if (which === "commands") return <CommandBar onClose={close} />;
  if (which === "search") return <SearchDialog onClose={close} />;
  if (which === "shortcuts") return <ShortcutsDialog onClose={close} />;
  if (which === "password") return <CommandForm name="me.password" onClose={close} />;
  if (which === "record") return <RecordDialog conversation={conversation} onClose={close} />;
  if (conversation === null) return null;
  if (which === "transfer") return <TransferDialog conversation={conversation} onClose={close} />;
  if (which === "invite") return <InviteDialog conversation={conversation} onClose={close} />;
  if (which === "block") return <BlockDialog conversation={conversation} onClose={close} />;
  if (which === "merge") return <MergeDialog conversation={conversation} onClose={close} />;
  if (which === "snooze") return <SnoozeDialog conversation={conversation} onClose={close} />;
  return <HandBackDialog conversation={conversation} onClose={close} />;
}
