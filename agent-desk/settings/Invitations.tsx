import { exactTime } from "../../src/client/relativeTime.ts";
import type { InvitationView } from "../../src/protocol/people.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Chip } from "../look/Chip.tsx";
import { ItemMenu } from "../look/ItemMenu.tsx";
import { Wrong } from "../look/Wrong.tsx";
import styles from "./Settings.module.css";
import { useListed } from "./useListed.ts";

interface Doing {
  do: "resend" | "revoke";
  email: string;
}

const until = new Intl.DateTimeFormat(undefined, { weekday: "short", hour: "2-digit", minute: "2-digit" });

/** Who is invited and has not come yet; nothing where nobody is. */
export function Invitations() {
  const { items: open, wrong, doing, setDoing, close } = useListed<InvitationView, Doing>("invitation.list", "invitations");
  return (
    <section aria-labelledby="invited">
      {((open ?? []).length > 0 || wrong !== null) && (
        <h2 id="invited" class={styles.heading}>
          Invited, not here yet
        </h2>
      )}
      <Wrong>{wrong}</Wrong>
      <ul class={styles.rows}>
        {(open ?? []).map(({ email, role, team, by, expiresAt }) => (
          <li key={email}>
            <span class={styles.what}>
              <b dir="auto">{email}</b>
              <small dir="auto">
                {[...(team === null ? [] : [team]), ...(by === "" ? [] : [`invited by ${by}`])].join(" · ")}
                {" · "}
                <time dateTime={expiresAt} title={exactTime(expiresAt)}>
                  until {until.format(Date.parse(expiresAt))}
                </time>
              </small>
            </span>
            <Chip>{role}</Chip>
            <ItemMenu
              label={`What to do with the invitation of ${email}`}
              items={[
                { label: "Send it again…", command: "invitation.resend", onClick: () => setDoing({ do: "resend", email }) },
                { label: "Withdraw…", command: "invitation.revoke", onClick: () => setDoing({ do: "revoke", email }) },
              ]}
            />
          </li>
        ))}
      </ul>
      {doing !== null && <InvitationDialog {...doing} onClose={close} />}
    </section>
  );
}

function InvitationDialog({ do: what, email, onClose }: Doing & { onClose: () => void }) {
  const again = what === "resend";
  return (
    <CommandDialog
      title={again ? `Send the invitation of ${email} again?` : `Withdraw the invitation of ${email}?`}
      command={again ? "invitation.resend" : "invitation.revoke"}
      args={() => ({ email })}
      label={again ? "Send it" : "Withdraw it"}
      danger={!again}
      onClose={onClose}
    >
      {() => (
        <p>
          {again
            ? "They get a new link, which counts for 72 hours, once. The one before counts no more."
            : "The link that was mailed counts no more. You can invite them again."}
        </p>
      )}
    </CommandDialog>
  );
}
