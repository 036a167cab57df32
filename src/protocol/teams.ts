/** A team as `team.list` gives it in its data: `{teams: TeamView[]}`. */
export interface TeamView {
  key: string;
  name: string;
  /** How long an agent has to take an offer. */
  offerSeconds: number;
  /** A team that is not is offered nothing, and nobody can ask for it. */
  active: boolean;
  members: { id: string; name: string; email: string }[];
}

/** A colleague and what they can take, as `agent.list` gives it: `{agents: AgentProfile[]}`. */
export interface AgentProfile {
  id: string;
  name: string;
  email: string;
  /** Conversations at once, in all channels. */
  capacity: number;
  /** At once per channel, where a channel has a limit of its own. */
  channels: Record<string, number>;
  /** Empty: any. */
  languages: string[];
  skills: string[];
  /** By key. */
  teams: string[];
}
