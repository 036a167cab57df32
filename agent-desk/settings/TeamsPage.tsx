import { DoorClosed, DoorOpen, Pencil, UserMinus, UserPlus, Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { AgentProfile, TeamView } from "../../src/protocol/teams.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { Choice, keyFrom, numberOr, TextField } from "./fields.tsx";
import styles from "./Hours.module.css";
import { Page } from "./Page.tsx";
import { useCommandData } from "./useCommandData.ts";
import { useListed } from "./useListed.ts";

type Doing =
  | { do: "edit"; team: TeamView | null }
  | { do: "add" | "close" | "open"; team: TeamView }
  | { do: "remove"; team: TeamView; member: TeamView["members"][number] }
  | null;

/** Who answers together: each team has a queue of its own. */
export function TeamsPage({ mayChange }: { mayChange: boolean }) {
  const { items: teams, wrong, doing, setDoing, close } = useListed<TeamView, Doing>("team.list", "teams");
  const sorted = [...(teams ?? [])].sort((a, b) => Number(b.active) - Number(a.active));
  return (
    <Page
      about="Who answers together. Each team has a queue of its own; an inbox names the team that answers, and visitors may ask for one."
      add={mayChange ? { label: "New team", command: "team.create", onClick: () => setDoing({ do: "edit", team: null }) } : null}
      wrong={wrong}
      count={teams?.length ?? null}
      icon={<Users strokeWidth={1.5} />}
      empty="No teams yet"
      emptyHint={mayChange ? "Without one, whoever asks for a person is offered to nobody." : undefined}
    >
      {sorted.map((team) => (
        <Card key={team.key} team={team} mayChange={mayChange} onDo={setDoing} />
      ))}
      {doing?.do === "edit" && <TeamForm team={doing.team} onClose={close} />}
      {doing?.do === "add" && <MemberForm team={doing.team} onClose={close} />}
      {doing?.do === "remove" && (
        <CommandDialog
          title={`Take ${doing.member.name} out of ${doing.team.name}?`}
          command="team.remove"
          args={() => ({ team: doing.team.key, email: doing.member.email })}
          label="Take out"
          danger
          onClose={close}
        >
          {() => <p>They are offered nothing more from its queue. What they answer now stays with them.</p>}
        </CommandDialog>
      )}
      {doing?.do === "close" && (
        <CommandDialog
          title={`Close the team ${doing.team.name}?`}
          command="team.update"
          args={() => ({ key: doing.team.key, active: false })}
          label="Close it"
          danger
          onClose={close}
        >
          {() => (
            <p>Nobody can ask for it, nothing goes to its queue, and it leaves the wallboard. It can be opened again, with its members.</p>
          )}
        </CommandDialog>
      )}
      {doing?.do === "open" && (
        <CommandDialog
          title={`Open the team ${doing.team.name} again?`}
          command="team.update"
          args={() => ({ key: doing.team.key, active: true })}
          label="Open it"
          onClose={close}
        >
          {() => <p>It has the members that it had. Visitors can ask for it, and conversations be transferred to it.</p>}
        </CommandDialog>
      )}
    </Page>
  );
}

interface CardLook {
  team: TeamView;
  mayChange: boolean;
  onDo: (doing: Doing) => void;
}

function Card({ team, mayChange, onDo }: CardLook) {
  const { key, name, offerSeconds, active, members } = team;
  return (
    <section class={styles.card} aria-labelledby={`team-${key}`}>
      <div class={styles.cardHead}>
        <h2 id={`team-${key}`} dir="auto">
          {name}
        </h2>
        {!active && <Chip>closed</Chip>}
        <small>
          <span class={parts.command}>{key}</span> · an offer stands for {offerSeconds} s
        </small>
        {mayChange && (
          <>
            <Button tone="plain" small label={`Change ${name}`} command="team.update" onClick={() => onDo({ do: "edit", team })}>
              <Pencil />
            </Button>
            <Button
              tone="plain"
              small
              label={`${active ? "Close" : "Open"} ${name}`}
              command="team.update"
              onClick={() => onDo({ do: active ? "close" : "open", team })}
            >
              {active ? <DoorClosed /> : <DoorOpen />}
            </Button>
          </>
        )}
      </div>
      <div class={styles.sub}>
        <h3>
          Members
          {mayChange && (
            <Button tone="plain" small tip={`Bring somebody into ${name}`} command="team.add" onClick={() => onDo({ do: "add", team })}>
              <UserPlus aria-hidden="true" /> Add
            </Button>
          )}
        </h3>
        {members.length === 0 && <p class={parts.hint}>Nobody yet: whoever waits here is offered to nobody.</p>}
        <ul>
          {members.map((member) => (
            <li key={member.id}>
              <span>
                <b dir="auto">{member.name}</b> <small>{member.email}</small>
              </span>
              {mayChange && (
                <Button
                  tone="plain"
                  small
                  label={`Take ${member.name} out of ${name}`}
                  command="team.remove"
                  onClick={() => onDo({ do: "remove", team, member })}
                >
                  <UserMinus />
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function TeamForm({ team, onClose }: { team: TeamView | null; onClose: () => void }) {
  const [name, setName] = useState(team?.name ?? "");
  const [key, setKey] = useState("");
  const [seconds, setSeconds] = useState(`${team?.offerSeconds ?? 30}`);
  const called = team?.key ?? (key === "" ? keyFrom(name) : key);
  return (
    <CommandDialog
      title={team === null ? "New team" : `Change ${team.name}`}
      command={team === null ? "team.create" : "team.update"}
      args={() => ({ key: called, name, offerSeconds: numberOr(seconds) })}
      onClose={onClose}
    >
      {(wrongOf) => (
        <>
          <TextField
            id="team-name"
            label="Name"
            hint="Visitors read it."
            wrong={wrongOf("name")}
            value={name}
            maxLength={100}
            onInput={setName}
          />
          {team === null && (
            <TextField
              id="team-key"
              label="Key"
              hint="For programs and commands; it stays."
              wrong={wrongOf("key")}
              placeholder={keyFrom(name)}
              value={key}
              onInput={setKey}
            />
          )}
          <TextField
            id="team-seconds"
            label="An offer stands for (seconds)"
            hint="Then it goes to the next, its place in the queue kept."
            inputMode="numeric"
            wrong={wrongOf("offerSeconds")}
            value={seconds}
            onInput={setSeconds}
          />
        </>
      )}
    </CommandDialog>
  );
}

function MemberForm({ team, onClose }: { team: TeamView; onClose: () => void }) {
  const { data: agents, wrong } = useCommandData<AgentProfile>("agent.list", "agents");
  const [email, setEmail] = useState("");
  const others = (agents ?? []).filter(({ id }) => team.members.every((member) => member.id !== id));
  return (
    <CommandDialog
      title={`Bring somebody into ${team.name}`}
      command="team.add"
      args={() => ({ team: team.key, email })}
      label="Add"
      disabled={email === ""}
      onClose={onClose}
    >
      {(wrongOf) => (
        <Choice
          id="member-email"
          label="Colleague"
          hint={agents !== null && others.length === 0 ? "Every agent belongs to it already." : undefined}
          wrong={wrong ?? wrongOf("email")}
          value={email}
          none="Choose…"
          options={others.map((agent) => ({ value: agent.email, label: `${agent.name} (${agent.email})` }))}
          onInput={setEmail}
        />
      )}
    </CommandDialog>
  );
}
