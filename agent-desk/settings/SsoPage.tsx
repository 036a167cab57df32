import { useEffect, useState } from "preact/hooks";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { runCommand, sentence } from "../commands/run.ts";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import factor from "../session/SecondFactor.module.css";
import { Choice, TextField } from "./fields.tsx";
import styles from "./Settings.module.css";

interface Sso {
  issuer: string;
  clientId: string;
  domains: string[];
  enforced: boolean;
  proven: string[];
  record: { name: string; text: string };
}

interface Standing {
  redirect: string;
  sso: Sso | null;
}

/** The workspace's own provider, by OpenID Connect. */
export function SsoPage() {
  const [standing, setStanding] = useState<Standing | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [doing, setDoing] = useState<"set" | "remove" | null>(null);
  const load = () => {
    runCommand("tenant.sso", {}).then(
      ({ data }) => setStanding(readStanding(data)),
      (error: unknown) => setWrong(sentence(error)),
    );
  };
  useEffect(load, []);
  const prove = () => {
    runCommand("tenant.sso-prove", {}).then(
      ({ data }) => {
        setStanding(readStanding(data));
        setWrong(null);
      },
      (error: unknown) => setWrong(sentence(error)),
    );
  };
  const close = () => {
    setDoing(null);
    load();
  };
  const sso = standing?.sso ?? null;
  return (
    <div class={styles.page}>
      <div class={styles.top}>
        <p>
          Your people sign in by your company's own OpenID Connect provider: invited ones at once, members once they confirmed it by mail.
        </p>
      </div>
      <Wrong>{wrong}</Wrong>
      {standing === null && wrong === null && <span class={parts.skeleton} style="width: 60%" />}
      {standing !== null && (
        <dl class={factor.facts}>
          <dt>Provider</dt>
          <dd>{sso === null ? "None yet" : sso.issuer}</dd>
          {sso !== null && (
            <>
              <dt>Client</dt>
              <dd>{sso.clientId}</dd>
              <dt>Addresses of</dt>
              <dd>
                {sso.domains.map((domain) => (
                  <p key={domain}>
                    {domain} <Chip>{sso.proven.includes(domain) ? "Proven" : "Not proven"}</Chip>
                  </p>
                ))}
              </dd>
              <dt>Other ways in</dt>
              <dd>
                <Chip>{sso.enforced ? "Owners only" : "Allowed"}</Chip>
              </dd>
            </>
          )}
          {sso !== null && sso.proven.length < sso.domains.length && (
            <>
              <dt>To prove a domain</dt>
              <dd>
                <p>Set this TXT record at its name server. Until then its people write the workspace's short name to sign in.</p>
                <code class={styles.address}>
                  {sso.record.name}
                  {sso.domains.find((domain) => !sso.proven.includes(domain))} TXT {sso.record.text}
                </code>
              </dd>
            </>
          )}
          <dt>Redirect address</dt>
          <dd>
            <code class={styles.address}>{standing.redirect}</code>
          </dd>
        </dl>
      )}
      {standing !== null && (
        <div class={factor.actions}>
          <Button tone={sso === null ? "primary" : undefined} command="tenant.sso-set" onClick={() => setDoing("set")}>
            {sso === null ? "Set it up" : "Change it"}
          </Button>
          {sso !== null && (
            <Button command="tenant.sso-prove" onClick={prove}>
              Look at the records
            </Button>
          )}
          {sso !== null && (
            <Button command="tenant.sso-remove" onClick={() => setDoing("remove")}>
              Take it away…
            </Button>
          )}
        </div>
      )}
      {doing === "set" && <SsoForm sso={sso} onClose={close} />}
      {doing === "remove" && (
        <CommandDialog
          title="Take the single sign-on away?"
          command="tenant.sso-remove"
          args={() => ({})}
          label="Take it away"
          danger
          onClose={close}
        >
          {() => <p>Whoever came by it is signed out at once, and chooses a password by mail.</p>}
        </CommandDialog>
      )}
    </div>
  );
}

function SsoForm({ sso, onClose }: { sso: Sso | null; onClose: () => void }) {
  const [issuer, setIssuer] = useState(sso?.issuer ?? "");
  const [client, setClient] = useState(sso?.clientId ?? "");
  const [secret, setSecret] = useState("");
  const [domains, setDomains] = useState(sso?.domains.join(", ") ?? "");
  const [enforced, setEnforced] = useState(String(sso?.enforced ?? false));
  return (
    <CommandDialog
      title="Single sign-on"
      command="tenant.sso-set"
      args={() => ({ issuer, client, domains, enforced, ...(secret === "" ? {} : { secret }) })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <TextField
            id="sso-issuer"
            label="Provider's address (issuer)"
            placeholder="https://login.example.com"
            wrong={wrongOf("issuer")}
            value={issuer}
            onInput={setIssuer}
          />
          <TextField id="sso-client" label="Client id" wrong={wrongOf("client")} value={client} onInput={setClient} />
          <TextField
            id="sso-secret"
            label="Client secret"
            hint={sso === null ? "Never shown again." : "Leave it empty to keep the one that is set, unless the address changes."}
            type="password"
            autocomplete="new-password"
            wrong={wrongOf("secret")}
            value={secret}
            onInput={setSecret}
          />
          <TextField
            id="sso-domains"
            label="Mail addresses of"
            hint="Domains with commas between, like example.com."
            wrong={wrongOf("domains")}
            value={domains}
            onInput={setDomains}
          />
          <Choice
            id="sso-enforced"
            label="Other ways in"
            hint="Owners may always sign in as they did, to mend what is set here."
            wrong={wrongOf("enforced")}
            value={enforced}
            options={[
              { value: "false", label: "Allowed" },
              { value: "true", label: "Owners only" },
            ]}
            onInput={setEnforced}
          />
        </>
      )}
    </CommandDialog>
  );
}

/** The server checks what it answers; here it is only found. */
function readStanding(data: unknown): Standing | null {
  return isStanding(data) ? data : null;
}

function isStanding(data: unknown): data is Standing {
  return typeof data === "object" && data !== null && "redirect" in data && "sso" in data;
}
