import { useState } from "preact/hooks";
import { allowed } from "../commands/allowed.ts";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import person from "../person/Person.module.css";
import { saveJson } from "../session/download.ts";
import { go } from "../shell/route.ts";
import styles from "./Contact.module.css";

/** What a person may ask of whoever keeps data about them: to have all of it, and to have it deleted. For those who manage people. */
export function DataRights({ contact }: { contact: { id: string; name: string } }) {
  const [erasing, setErasing] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  if (!allowed.value.has("contact.erase")) return null;

  const act = (work: () => Promise<void>) => {
    setWrong(null);
    work().catch((error: unknown) => setWrong(sentence(error)));
  };
  const save = () =>
    act(async () => {
      const { data } = await runCommand("contact.export", { contact: contact.id });
      saveJson(`contact-${contact.id}.json`, data);
    });
  const preview = () =>
    act(async () => {
      const { messages } = await runCommand("contact.erase", { contact: contact.id, preview: true });
      setErasing(messages[0]?.text ?? "");
    });

  return (
    <section class={person.section}>
      <h2>Their data</h2>
      <div class={styles.rights}>
        <Button small onClick={save}>
          Export
        </Button>
        <Button small tone="danger" onClick={preview}>
          Erase…
        </Button>
      </div>
      <Wrong>{wrong}</Wrong>
      {erasing !== null && <EraseDialog contact={contact} what={erasing} onClose={() => setErasing(null)} />}
    </section>
  );
}

function EraseDialog({ contact, what, onClose }: { contact: { id: string; name: string }; what: string; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<string | null>(null);
  const erase = async () => {
    setBusy(true);
    setWrong(null);
    try {
      await runCommand("contact.erase", { contact: contact.id }, { confirmed: true });
      onClose();
      go({ conversation: null });
    } catch (error) {
      setWrong(sentence(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={`Erase ${contact.name}`} command="contact.erase" onClose={onClose}>
      <div class={popups.dialogBody}>
        <p>{what}</p>
        <p class={parts.hint}>Nobody can bring it back. Their chat begins anew.</p>
        <Wrong>{wrong}</Wrong>
      </div>
      <div class={popups.dialogFoot}>
        <Button onClick={onClose}>Keep</Button>
        <Button tone="danger" disabled={busy} onClick={erase}>
          {busy ? "Erasing…" : "Erase for good"}
        </Button>
      </div>
    </Dialog>
  );
}
