import { useEffect, useState } from "preact/hooks";
import { languages } from "../../src/protocol/languages.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import account from "../account/Account.module.css";
import { runCommand } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Dialog } from "../look/Dialog.tsx";
import parts from "../look/parts.module.css";
import popups from "../look/popups.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { downloadAsMe } from "../session/download.ts";
import { requestAsMe } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import { Choice, TextField } from "./fields.tsx";
import settings from "./Settings.module.css";

type Tenant = Record<"name" | "slug" | "timeZone" | "language", string>;

const languageNames = new Intl.DisplayNames(["en"], { type: "language" });

/** How the workspace is called and where it is; all of it as a file; and its end. */
export function TenantPage() {
  const [tenant, setTenant] = useState<Tenant | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [deleting, setDeleting] = useState(false);
  const tell = (error: unknown) => setWrong(toldOf(error));
  useEffect(() => {
    runCommand("tenant.show", {}).then(({ data }) => setTenant(tenantIn(data)), tell);
  }, []);
  return (
    <div class={settings.page}>
      <div class={settings.top}>
        <p>The workspace itself, for its owners.</p>
      </div>
      <Wrong>{wrong}</Wrong>
      {tenant === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {tenant !== null && (
        <div class={account.sections}>
          <TenantForm tenant={tenant} onSaved={setTenant} />
          <section>
            <h2>Take everything along</h2>
            <p>
              Everything that is kept here, without passwords and keys: one row a line, as JSON. Who did what is exported on its own page.
            </p>
            <div class={account.actions}>
              <Button
                onClick={() => {
                  setWrong(null);
                  downloadAsMe("/api/v1/tenant/export", `${tenant.slug}.ndjson`).catch(tell);
                }}
              >
                Download the workspace
              </Button>
            </div>
          </section>
          <section>
            <h2>End it for good</h2>
            <p>All conversations, people's places and settings are deleted; accounts are people's own and stay. It can't be undone.</p>
            <Button tone="danger" onClick={() => setDeleting(true)}>
              Delete the workspace…
            </Button>
          </section>
        </div>
      )}
      {deleting && tenant !== null && <DeleteTenantDialog tenant={tenant} onClose={() => setDeleting(false)} />}
    </div>
  );
}

function TenantForm({ tenant, onSaved }: { tenant: Tenant; onSaved: (tenant: Tenant) => void }) {
  const [values, setValues] = useState(tenant);
  const [wrong, setWrong] = useState<{ path: string | undefined; text: string } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const save = async (event: Event) => {
    event.preventDefault();
    setWrong(null);
    setTold(null);
    const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== Reflect.get(tenant, name)));
    if (Object.keys(changed).length === 0) return setTold("Nothing was changed.");
    try {
      const saved = tenantIn((await runCommand("tenant.update", changed)).data);
      setValues(saved);
      onSaved(saved);
      setTold("It is saved.");
    } catch (error) {
      setWrong({ path: error instanceof Refusal ? error.path : undefined, text: toldOf(error) });
    }
  };
  const fieldOf = (name: keyof Tenant, label: string) => ({
    id: `tenant-${name}`,
    label,
    wrong: wrong?.path === `args.${name}` ? wrong.text : null,
    value: values[name],
    onInput: (value: string) => setValues({ ...values, [name]: value }),
  });
  return (
    <section>
      <form class={account.fields} onSubmit={save} noValidate>
        <TextField {...fieldOf("name", "Name")} hint="As people read it." maxLength={80} />
        <TextField
          {...fieldOf("slug", "Short name")}
          hint="For addresses, that of incoming mail too: letters a to z, digits, hyphens. A mail server that uses the old one must be told."
          maxLength={40}
        />
        <div class={settings.two}>
          <TextField {...fieldOf("timeZone", "Time zone")} hint="Like Europe/Lisbon." list="time-zones" />
          <Choice
            {...fieldOf("language", "Language")}
            hint="What is said where a reader's own is missing."
            options={languages.map((value) => ({ value, label: languageNames.of(value) ?? value }))}
          />
        </div>
        <datalist id="time-zones">
          {Intl.supportedValuesOf("timeZone").map((zone) => (
            <option key={zone} value={zone} />
          ))}
        </datalist>
        <Wrong>{wrong !== null && !(wrong.path ?? "").startsWith("args.") ? wrong.text : null}</Wrong>
        <div class={account.actions}>
          <Button tone="primary" type="submit" command="tenant.update" tip="Save">
            Save
          </Button>
          <span role="status">{told}</span>
        </div>
      </form>
    </section>
  );
}

/** The short name typed once more, the password, and who one is: three that nobody gives by accident. */
function DeleteTenantDialog({ tenant, onClose }: { tenant: Tenant; onClose: () => void }) {
  const [slug, setSlug] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<{ path: string | undefined; text: string } | null>(null);
  const end = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      await requestAsMe({ method: "POST", path: "tenant/deletion", body: { slug, ...(password === "" ? {} : { password }) } });
      // The session goes on without this workspace: the page begins anew.
      location.reload();
    } catch (error) {
      setWrong({ path: error instanceof Refusal ? error.path : undefined, text: toldOf(error) });
      setBusy(false);
    }
  };
  const wrongOf = (path: string) => (wrong?.path === path ? wrong.text : null);
  return (
    <Dialog title={`Delete ${tenant.name}?`} onClose={onClose}>
      <form onSubmit={end} noValidate>
        <div class={popups.dialogBody}>
          <p>Everything in it is deleted at once, for everybody. Download the workspace first if you may want it.</p>
          <TextField id="delete-slug" label={`Write "${tenant.slug}"`} wrong={wrongOf("slug")} value={slug} onInput={setSlug} />
          <TextField
            id="delete-password"
            label="Your password"
            type="password"
            autocomplete="current-password"
            wrong={wrongOf("password")}
            value={password}
            onInput={setPassword}
          />
          <Wrong>{wrong !== null && wrong.path !== "slug" && wrong.path !== "password" ? wrong.text : null}</Wrong>
        </div>
        <div class={popups.dialogFoot}>
          <Button onClick={onClose}>Keep it</Button>
          <Button tone="danger" type="submit" disabled={busy}>
            {busy ? "Deleting…" : "Delete it for good"}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The server checks what it answers; here it is only found. */
function tenantIn(data: unknown): Tenant {
  const found: { tenant?: Partial<Tenant> } = typeof data === "object" && data !== null ? data : {};
  return { name: "", slug: "", timeZone: "UTC", language: "en", ...found.tenant };
}
