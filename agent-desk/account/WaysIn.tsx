import { useEffect, useState } from "preact/hooks";
import { exactTime, relativeTime } from "../../src/client/relativeTime.ts";
import type { WaysIn as Ways } from "../../src/protocol/access.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Wrong } from "../look/Wrong.tsx";
import { goToLink, loadProviders, providers } from "../session/providers.ts";
import { request } from "../session/request.ts";
import { requestAsMe } from "../session/session.ts";
import { toldOf } from "../session/toldOf.ts";
import settings from "../settings/Settings.module.css";
import styles from "./Account.module.css";

/** How I sign in; a provider is linked and unlinked here. */
export function WaysIn({ email }: { email: string }) {
  const [ways, setWays] = useState<Ways | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const tell = (error: unknown) => setWrong(toldOf(error));
  const load = () => requestAsMe<Ways>({ method: "GET", path: "account/identities" }).then(setWays, tell);
  useEffect(() => {
    loadProviders();
    void load();
  }, []);
  const link = (provider: string) => {
    setWrong(null);
    goToLink(provider).catch(tell);
  };
  const unlink = (id: string) => {
    setWrong(null);
    requestAsMe({ method: "DELETE", path: `account/identities/${id}` }).then(load, tell);
  };
  const choosePassword = () => {
    setWrong(null);
    request({ method: "POST", path: "account/password/link", body: { email } }).then(
      () => setTold(`A mail is on its way to ${email}: the link in it leads to a password.`),
      tell,
    );
  };
  if (ways === null) return <Wrong>{wrong}</Wrong>;
  const open = providers.value.filter(({ provider }) => !ways.identities.some((each) => each.provider === provider));
  const governed = !ways.password && ways.identities.every(({ provider }) => provider === "sso");
  return (
    <section>
      <h2>How you sign in</h2>
      <ul class={settings.rows}>
        {ways.password && (
          <li>
            <span class={settings.what}>
              <b>Password</b>
            </span>
            <Chip>set</Chip>
          </li>
        )}
        {ways.identities.map(({ id, name, email, linkedAt, usedAt }) => (
          <li key={id}>
            <span class={settings.what}>
              <b>{name}</b>
              <small title={exactTime(usedAt ?? linkedAt)} dir="auto">
                {email === null ? "" : `${email} · `}
                {usedAt === null ? `linked ${relativeTime(linkedAt, Date.now())}` : `used ${relativeTime(usedAt, Date.now())}`}
              </small>
            </span>
            {!governed && (
              <Button small onClick={() => unlink(id)}>
                Unlink {name}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Wrong>{wrong}</Wrong>
      <p role="status">{told}</p>
      {!governed && (open.length > 0 || !ways.password) && (
        <div class={styles.actions}>
          {!ways.password && <Button onClick={choosePassword}>Choose a password</Button>}
          {open.map(({ provider, name }) => (
            <Button key={provider} onClick={() => link(provider)}>
              Link {name}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
