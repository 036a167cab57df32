import { useEffect, useState } from "preact/hooks";
import { Button } from "../look/Button.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import { saveJson } from "../session/download.ts";
import { requestAsMe, signOut } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import settings from "../settings/Settings.module.css";
import { opened } from "../shell/opened.ts";
import styles from "./Account.module.css";
import { DeleteAccountDialog, EmailDialog } from "./AccountDialogs.tsx";
import { ChatLinks } from "./ChatLinks.tsx";
import { OwnSessions } from "./OwnSessions.tsx";
import { WaysIn } from "./WaysIn.tsx";

interface Account {
  name: string;
  email: string;
  tenant: string | null;
  tenants: { slug: string; name: string; roles: string[] }[];
}

/** Who I am, where I may work, where I am signed in; and how to leave for good. */
export function AccountPage() {
  const [account, setAccount] = useState<Account | null>(null);
  const [doing, setDoing] = useState<"email" | "delete" | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const tell = (error: unknown) => setWrong(toldOf(error));
  useEffect(() => {
    requestAsMe<Account>({ method: "GET", path: "account" }).then(setAccount, tell);
  }, []);
  if (account === null)
    return (
      <div class={settings.page}>
        <Wrong>{wrong}</Wrong>
        {wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      </div>
    );
  const enter = (tenant: string) => {
    // All that is open belongs to the tenant before: the page begins anew in the other one.
    requestAsMe({ method: "POST", path: "session/tenant", body: { tenant } }).then(() => location.reload(), tell);
  };
  const save = () => {
    requestAsMe<object>({ method: "GET", path: "account/export" }).then((data) => saveJson("my-account.json", data), tell);
  };
  return (
    <div class={settings.page}>
      <div class={styles.sections}>
        <section>
          <h2>{account.name}</h2>
          <p>{account.email}</p>
          <p role="status">{told}</p>
          <div class={styles.actions}>
            <Button onClick={() => setDoing("email")}>Change the address</Button>
            <Button onClick={() => (opened.value = "password")}>Change the password</Button>
            <Button onClick={save}>Download my data</Button>
          </div>
          <Wrong>{wrong}</Wrong>
        </section>
        {account.tenants.length > 1 && (
          <section>
            <h2>Workspaces</h2>
            <ul class={settings.rows}>
              {account.tenants.map(({ slug, name, roles }) => (
                <li key={slug}>
                  <span class={settings.what}>
                    <b dir="auto">{name}</b>
                    <small>{roles.join(", ")}</small>
                  </span>
                  {slug === account.tenant ? <small>You are here</small> : <Button onClick={() => enter(slug)}>Go there</Button>}
                </li>
              ))}
            </ul>
          </section>
        )}
        <WaysIn email={account.email} />
        <ChatLinks />
        <OwnSessions />
        <section>
          <h2>Leave for good</h2>
          <p>Everything that is yours is deleted; what customers were told stays, without your name. It can't be undone.</p>
          <Button tone="danger" onClick={() => setDoing("delete")}>
            Delete my account…
          </Button>
        </section>
      </div>
      {doing === "email" && (
        <EmailDialog
          onClose={() => setDoing(null)}
          onDone={(email) => {
            setDoing(null);
            setTold(`A mail is on its way to ${email}; the new address counts once its link was opened.`);
          }}
        />
      )}
      {doing === "delete" && <DeleteAccountDialog onClose={() => setDoing(null)} onDone={() => void signOut()} />}
    </div>
  );
}
