import { Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { MemberView, RoleView } from "../../src/protocol/people.ts";
import type { TeamView } from "../../src/protocol/teams.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Chip } from "../look/Chip.tsx";
import { ItemMenu, type MenuItem } from "../look/ItemMenu.tsx";
import { Choice, TextField } from "./fields.tsx";
import { Invitations } from "./Invitations.tsx";
import { optionsOf } from "./options.ts";
import { Page } from "./Page.tsx";
import styles from "./Settings.module.css";
import { useCommandData } from "./useCommandData.ts";
import { useListed } from "./useListed.ts";

type Doing = { do: "invite" } | { do: "give" | "take" | "deactivate" | "activate" | "resetFactor"; member: MemberView };

/** Everybody who has a place here: what they may do, and whether they may at all. */
export function MembersPage({ may }: { may: (command: string) => boolean }) {
  const { items: members, wrong, doing, setDoing, close } = useListed<MemberView, Doing>("member.list", "members");
  const [sent, setSent] = useState(0);
  const offersOn = (member: MemberView): MenuItem[] => {
    const offer = (label: string, command: string, what: Exclude<Doing["do"], "invite">, possible = true): MenuItem[] =>
      possible && may(command) ? [{ label, command, onClick: () => setDoing({ do: what, member }) }] : [];
    return [
      ...offer("Give a role…", "role.grant", "give"),
      ...offer("Take a role…", "role.revoke", "take", member.roles.length > 0),
      ...offer("Reset the second factor…", "agent.reset-factor", "resetFactor", member.active),
      ...offer("Deactivate…", "agent.deactivate", "deactivate", member.active),
      ...offer("Activate…", "agent.activate", "activate", !member.active),
    ];
  };
  return (
    <>
      <Page
        about="Everybody who has a place here. Their roles say what they may do; a change counts at once, wherever they are signed in."
        add={may("agent.invite") ? { label: "Invite", command: "agent.invite", onClick: () => setDoing({ do: "invite" }) } : null}
        wrong={wrong}
        count={members?.length ?? null}
        icon={<Users strokeWidth={1.5} />}
        empty="Nobody yet"
      >
        <ul class={styles.rows}>
          {(members ?? []).map((member) => (
            <li key={member.id}>
              <span class={styles.what}>
                <b dir="auto">{member.name}</b>
                <small dir="auto">{[member.email, ...(member.teams.length === 0 ? [] : [member.teams.join(", ")])].join(" · ")}</small>
              </span>
              {!member.active && <Chip>not active</Chip>}
              {member.roles.length === 0 && (
                <Chip tone="warn" title="They can do nothing here until they get a role.">
                  no role
                </Chip>
              )}
              {member.roles.map((role) => (
                <Chip key={role}>{role}</Chip>
              ))}
              {offersOn(member).length > 0 && <ItemMenu label={`What to do with ${member.name}`} items={offersOn(member)} />}
            </li>
          ))}
        </ul>
      </Page>
      {may("invitation.list") && (
        <div class={styles.page}>
          <Invitations key={sent} />
        </div>
      )}
      {doing?.do === "invite" && <InviteDialog onClose={close} onSent={() => setSent(sent + 1)} />}
      {(doing?.do === "give" || doing?.do === "take") && <RoleDialog take={doing.do === "take"} member={doing.member} onClose={close} />}
      {doing?.do === "resetFactor" && (
        <CommandDialog
          title={`Reset the second factor of ${doing.member.name}?`}
          command="agent.reset-factor"
          args={() => ({ email: doing.member.email })}
          label="Mail the link"
          onClose={close}
        >
          {() => (
            <p>
              For a colleague who lost phone and recovery codes, and whom you know it of otherwise than by chat. They confirm it by a link
              that is mailed to {doing.member.email}; a day later the factor counts no more. Signing in with it before stops that.
            </p>
          )}
        </CommandDialog>
      )}
      {(doing?.do === "deactivate" || doing?.do === "activate") && (
        <ActiveDialog off={doing.do === "deactivate"} member={doing.member} onClose={close} />
      )}
    </>
  );
}

function InviteDialog({ onClose, onSent }: { onClose: () => void; onSent: () => void }) {
  const { data: roles } = useCommandData<RoleView>("role.list", "roles");
  const { data: teams } = useCommandData<TeamView>("team.list", "teams");
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("agent");
  const [team, setTeam] = useState("");
  return (
    <CommandDialog
      title="Invite a colleague"
      command="agent.invite"
      args={() => ({ email, role, ...(team === "" ? {} : { team }) })}
      label="Send the invitation"
      disabled={email.trim() === ""}
      onClose={onClose}
      onDone={onSent}
    >
      {(wrongOf) => (
        <>
          <TextField
            id="invite-email"
            label="E-mail"
            hint="The mail that they get counts for 72 hours, once."
            wrong={wrongOf("email")}
            value={email}
            onInput={setEmail}
          />
          <Choice id="invite-role" label="Role" wrong={wrongOf("role")} value={role} options={optionsOf(roles ?? [])} onInput={setRole} />
          <Choice
            id="invite-team"
            label="Team"
            wrong={wrongOf("team")}
            none="None yet"
            value={team}
            options={optionsOf((teams ?? []).filter(({ active }) => active))}
            onInput={setTeam}
          />
        </>
      )}
    </CommandDialog>
  );
}

function RoleDialog({ take, member, onClose }: { take: boolean; member: MemberView; onClose: () => void }) {
  const { data: roles, wrong } = useCommandData<RoleView>("role.list", "roles");
  const possible = (roles ?? []).filter(({ key }) => member.roles.includes(key) === take);
  const [role, setRole] = useState("");
  return (
    <CommandDialog
      title={take ? `Take a role from ${member.name}` : `Give ${member.name} a role`}
      command={take ? "role.revoke" : "role.grant"}
      args={() => ({ email: member.email, role })}
      label={take ? "Take it" : "Give it"}
      danger={take}
      disabled={role === ""}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <Choice
            id="member-role"
            label="Role"
            wrong={wrongOf("role") ?? wrong}
            value={role}
            options={optionsOf(possible)}
            none="Choose one"
            onInput={setRole}
          />
          {take && member.roles.length === 1 && (
            <p>
              It is their last role: they may still sign in, but can do nothing here until they get another. To end their work, deactivate
              them.
            </p>
          )}
        </>
      )}
    </CommandDialog>
  );
}

function ActiveDialog({ off, member, onClose }: { off: boolean; member: MemberView; onClose: () => void }) {
  return (
    <CommandDialog
      title={off ? `Deactivate ${member.name}?` : `Activate ${member.name}?`}
      command={off ? "agent.deactivate" : "agent.activate"}
      args={() => ({ email: member.email })}
      label={off ? "Deactivate" : "Activate"}
      danger={off}
      onClose={onClose}
    >
      {() => (
        <p>
          {off
            ? "They are signed out everywhere at once, their API keys stop, and what they answer goes back to the queue."
            : "They may sign in again, with the roles that they have."}
        </p>
      )}
    </CommandDialog>
  );
}
