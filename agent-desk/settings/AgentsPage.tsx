import { UserCog } from "lucide-preact";
import { useState } from "preact/hooks";
import type { AgentProfile } from "../../src/protocol/teams.ts";
import { CommandDialog } from "../commands/CommandDialog.tsx";
import { languageName } from "../person/naming.ts";
import { numberOr, TextField } from "./fields.tsx";
import { Listed } from "./Listed.tsx";
import page from "./Settings.module.css";
import { useCommandData } from "./useCommandData.ts";

/** What each colleague is offered: how many at once, in which languages, with which skills. */
export function AgentsPage({ mayChange }: { mayChange: boolean }) {
  const { data: agents, wrong, again } = useCommandData<AgentProfile>("agent.list", "agents");
  const [edited, setEdited] = useState<AgentProfile | null>(null);
  const close = () => {
    setEdited(null);
    again();
  };
  return (
    <>
      <Listed
        about="What each agent is offered: how many conversations at once, in which languages, with which skills. Teams bring them together on the page Teams."
        group="agent"
        editCommand="agent.profile"
        wrong={wrong}
        add={null}
        known={agents !== null}
        icon={<UserCog strokeWidth={1.5} />}
        empty="No agents yet"
        rows={(agents ?? []).map((agent) => ({
          id: agent.id,
          name: agent.name,
          detail: inWords(agent),
          chips: agent.teams.length === 0 ? ["in no team"] : agent.teams,
          ...(mayChange ? { onEdit: () => setEdited(agent) } : {}),
        }))}
      />
      {edited !== null && <ProfileForm agent={edited} onClose={close} />}
    </>
  );
}

/** Every channel that there is, and those that somebody limited once. */
const channels = ["website", "mail"];

function ProfileForm({ agent, onClose }: { agent: AgentProfile; onClose: () => void }) {
  const [capacity, setCapacity] = useState(`${agent.capacity}`);
  const [languages, setLanguages] = useState(agent.languages.join(", "));
  const [skills, setSkills] = useState(agent.skills.join(", "));
  const [limits, setLimits] = useState<Record<string, string>>(
    Object.fromEntries([...channels, ...Object.keys(agent.channels)].map((channel) => [channel, `${agent.channels[channel] ?? ""}`])),
  );
  const args = () => {
    const limited = Object.entries(limits).flatMap(([channel, most]) => (most.trim() === "" ? [] : [`${channel}:${most.trim()}`]));
    return {
      email: agent.email,
      capacity: numberOr(capacity),
      languages: languages.trim() === "" ? "any" : languages,
      skills: skills.trim() === "" ? "none" : skills,
      channels: limited.length === 0 ? "any" : limited.join(", "),
    };
  };
  return (
    <CommandDialog title={`What ${agent.name} can take`} command="agent.profile" args={args} onClose={onClose}>
      {(wrongOf) => {
        const wrongChannels = wrongOf("channels");
        return (
          <>
            <TextField
              id="agent-capacity"
              label="Conversations at once"
              hint="In all channels together; 0: nothing is offered."
              inputMode="numeric"
              wrong={wrongOf("capacity")}
              value={capacity}
              onInput={setCapacity}
            />
            <div class={page.two}>
              {Object.entries(limits).map(([channel, most]) => (
                <TextField
                  key={channel}
                  id={`agent-channel-${channel}`}
                  label={`Of these, by ${channel}`}
                  placeholder="no limit of its own"
                  inputMode="numeric"
                  wrong={wrongChannels !== null && !/^\d*$/.test(most.trim()) ? wrongChannels : null}
                  value={most}
                  onInput={(value) => setLimits({ ...limits, [channel]: value })}
                />
              ))}
            </div>
            <TextField
              id="agent-languages"
              label="Languages"
              hint="Like de, en; nothing: any language."
              wrong={wrongOf("languages")}
              value={languages}
              onInput={setLanguages}
            />
            <TextField
              id="agent-skills"
              label="Skills"
              hint="Like billing, returns. A conversation that asks for skills goes to who has all of them."
              wrong={wrongOf("skills")}
              value={skills}
              onInput={setSkills}
            />
          </>
        );
      }}
    </CommandDialog>
  );
}

function inWords({ email, capacity, channels: limits, languages, skills }: AgentProfile): string {
  const limited = Object.entries(limits).map(([channel, most]) => `${most} by ${channel}`);
  return [
    email,
    `${capacity} at once${limited.length === 0 ? "" : ` (${limited.join(", ")})`}`,
    languages.length === 0 ? "any language" : languages.map(languageName).join(", "),
    ...(skills.length === 0 ? [] : [skills.join(", ")]),
  ].join(" · ");
}
