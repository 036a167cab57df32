import { KeyRound } from "lucide-preact";
import { useState } from "preact/hooks";
import type { KeyView } from "../../src/protocol/people.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import popups from "../look/popups.module.css";
import { numberOr, TextField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import { useListed } from "./useListed.ts";

type Doing = { do: "make" } | { do: "made"; made: string } | { do: "end"; key: KeyView } | null;

/** Keys with which programs ask over HTTP, in their maker's name. */
export function KeysPage({ mayChange }: { mayChange: boolean }) {
  const { items: keys, wrong, doing, setDoing, close } = useListed<KeyView, Doing>("key.list", "keys");
  return (
    <>
      <Listed
        about="Programs ask with a key over HTTP, in the name of whoever made it and never beyond what they may. A key counts for at most 90 days."
        group="key"
        wrong={wrong}
        add={mayChange ? { label: "New key", onClick: () => setDoing({ do: "make" }) } : null}
        known={keys !== null}
        icon={<KeyRound strokeWidth={1.5} />}
        empty="No API keys yet"
        rows={(keys ?? []).map((key) => ({
          id: key.id,
          name: key.name,
          detail: `${key.prefix}… · ${key.maker.name} · until ${day(key.expiresAt)} · ${key.lastUsedAt === null ? "never used" : `used last ${day(key.lastUsedAt)}`}`,
          chips: key.scopes,
          ...(mayChange ? { onDelete: () => setDoing({ do: "end", key }) } : {}),
        }))}
      />
      {doing?.do === "make" && <KeyForm onClose={close} onMade={(made) => setDoing({ do: "made", made })} />}
      {doing?.do === "made" && <MadeKey made={doing.made} onClose={close} />}
      {doing?.do === "end" && (
        <CommandDialog
          title={`End the key “${doing.key.name}”?`}
          command="key.revoke"
          args={() => ({ key: doing.key.id })}
          label="End it"
          danger
          onClose={close}
        >
          {() => <p>Whatever asks with it is refused from now on. This can't be undone.</p>}
        </CommandDialog>
      )}
    </>
  );
}

function KeyForm({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState("conversations.read");
  const [days, setDays] = useState("90");
  return (
    <CommandDialog
      title="New API key"
      command="key.create"
      args={() => ({ name, scopes, days: numberOr(days) })}
      label="Make it"
      onClose={onClose}
      onDone={({ data }) => onMade(String(typeof data === "object" && data !== null ? Reflect.get(data, "key") : ""))}
    >
      {(wrongOf) => (
        <>
          <TextField id="key-name" label="What it is for" wrong={wrongOf("name")} value={name} onInput={setName} />
          <TextField
            id="key-scopes"
            label="What it may do"
            hint="Permissions with commas between; each command's help says which it needs."
            wrong={wrongOf("scopes")}
            value={scopes}
            onInput={setScopes}
          />
          <TextField
            id="key-days"
            label="Days"
            hint="90 at most."
            inputMode="numeric"
            wrong={wrongOf("days")}
            value={days}
            onInput={setDays}
          />
        </>
      )}
    </CommandDialog>
  );
}

/** Shows the key once it is made: nobody can read it again. */
function MadeKey({ made, onClose }: { made: string; onClose: () => void }) {
  return (
    <Dialog title="The key is made" onClose={onClose}>
      <div class={popups.dialogBody}>
        <TextField id="key-made" label="The key" hint="Copy it now: it is not shown again." wrong={null} value={made} onInput={() => {}} />
      </div>
      <div class={popups.dialogFoot}>
        <Button tone="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </Dialog>
  );
}

function day(instant: string): string {
  return new Date(instant).toLocaleDateString();
}
