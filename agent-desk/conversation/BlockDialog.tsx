import { CommandDialog } from "../commands/CommandDialog.tsx";
import { useDesk } from "../shell/deskContext.ts";

/** Closes all of somebody's conversations and keeps them away: asked first, as it reaches further than what is on the page. */
export function BlockDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { head } = useDesk().open(conversation).facts.value;
  if (head === null) return null;
  const { id, name } = head.contact;
  return (
    <CommandDialog title={`Block ${name}?`} command="contact.block" args={() => ({ contact: id })} label="Block" danger onClose={onClose}>
      {() => (
        <p>
          All their conversations are closed, and what they write calls nobody any more. They are not told. Unblock, at the top of any of
          these conversations, lets them write again.
        </p>
      )}
    </CommandDialog>
  );
}
