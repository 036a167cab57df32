import { ArrowLeft, Users } from "lucide-preact";
import type { AgentItem, TeamItem } from "../../src/protocol/desk.ts";
import { waited, waitedInWords, waitTone } from "../inbox/waiting.ts";
import { Avatar } from "../look/Avatar.tsx";
import { Button } from "../look/Button.tsx";
import { Chip } from "../look/Chip.tsx";
import { Empty } from "../look/Empty.tsx";
import marks from "../look/marks.module.css";
import parts from "../look/parts.module.css";
import { Scrolled } from "../look/Scrolled.tsx";
import { ConnectionNotice } from "../shell/ConnectionNotice.tsx";
import desk from "../shell/Desk.module.css";
import { useDesk } from "../shell/deskContext.ts";
import { now } from "../shell/now.ts";
import { go } from "../shell/route.ts";
import { labelOf } from "../status/presence.ts";
import styles from "./Wallboard.module.css";
import { duration } from "./wallboard.ts";

/** Every team at a glance: who waits, who is there, what was done today. Live. */
export function Wallboard() {
  const { teams, agents } = useDesk();
  return (
    <main class={`${desk.pane} ${styles.page}`} data-part="wallboard" aria-label="Wallboard">
      <div class={desk.head}>
        <span class={desk.back}>
          <Button tone="plain" label="Back to the inbox" onClick={() => go({})}>
            <ArrowLeft />
          </Button>
        </span>
        <h1 class={desk.grow}>Wallboard</h1>
      </div>
      <ConnectionNotice />
      <Scrolled class={styles.scroll} label="Teams and people">
        {teams.value === null && (
          <div class={styles.teams} aria-busy="true">
            <span class={parts.skeleton} style="width: 40%" />
            <span class={parts.skeleton} style="width: 60%" />
          </div>
        )}
        {teams.value?.length === 0 && (
          <Empty icon={<Users strokeWidth={1.5} />} title="There is no team yet">
            <p>
              An admin makes one by <span class={parts.command}>team.create</span> in the command bar.
            </p>
          </Empty>
        )}
        <div class={styles.teams}>
          {teams.value?.map((team) => (
            <Team key={team.id} team={team} />
          ))}
        </div>
        <People agents={agents.value} />
      </Scrolled>
    </main>
  );
}

function Team({ team }: { team: TeamItem }) {
  const { online, busy, away, offline } = team.agents;
  return (
    <section class={styles.team} aria-labelledby={`team-${team.id}`}>
      <h2 id={`team-${team.id}`}>
        {team.name}
        {team.urgent > 0 && <Chip tone="bad">{team.urgent} urgent</Chip>}
      </h2>
      <dl class={styles.figures}>
        <div>
          <dt>Waiting</dt>
          <dd class={styles.big}>{team.waiting.toLocaleString()}</dd>
          <dd class={parts.hint}>{team.offered === 0 ? "none offered now" : `${team.offered.toLocaleString()} offered now`}</dd>
        </div>
        <div>
          <dt>Longest wait</dt>
          <dd class={styles.big}>{team.waitingSince === null ? "–" : <Longest since={team.waitingSince} />}</dd>
          <dd class={parts.hint}>
            {team.meanWaitSeconds === null ? "nobody was taken today" : `today ${duration(team.meanWaitSeconds)} in the mean`}
          </dd>
        </div>
        {team.breached !== undefined && (
          <div>
            <dt>Breached</dt>
            <dd class={`${styles.big} ${team.breached > 0 ? styles["bad"] : ""}`}>{team.breached.toLocaleString()}</dd>
            <dd class={parts.hint}>{levelsDueSoon(team.dueSoon ?? 0)}</dd>
          </div>
        )}
        <div>
          <dt>Online</dt>
          <dd class={styles.big}>{online.toLocaleString()}</dd>
          <dd class={parts.hint}>
            {busy} full · {away} away · {offline} offline
          </dd>
        </div>
        <div>
          <dt>Load</dt>
          <dd class={styles.big}>
            {team.holding.toLocaleString()}
            <small>/{team.capacity.toLocaleString()}</small>
          </dd>
          <dd>
            <meter class={styles.load} min={0} max={Math.max(1, team.capacity)} value={team.holding} aria-label={`Load of ${team.name}`} />
          </dd>
        </div>
        <div>
          <dt>Today</dt>
          <dd class={styles.big}>{team.assignedToday.toLocaleString()}</dd>
          <dd class={parts.hint}>
            assigned · {team.abandonedToday.toLocaleString()} {team.abandonedToday === 1 ? "has" : "have"} left
          </dd>
        </div>
      </dl>
    </section>
  );
}

function levelsDueSoon(count: number): string {
  return count === 0 ? "no level due soon" : `${count.toLocaleString()} ${count === 1 ? "level" : "levels"} due soon`;
}

function Longest({ since }: { since: string }) {
  const tone = waitTone(since, now.value);
  return (
    <span class={tone === undefined ? undefined : styles[tone]}>
      <span aria-hidden="true">{waited(since, now.value)}</span>
      <span class={parts.hidden}>{waitedInWords(since, now.value)}</span>
    </span>
  );
}

function People({ agents }: { agents: readonly AgentItem[] }) {
  return (
    <section class={styles.people}>
      <h2>People</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col">Teams</th>
            <th scope="col" class={styles.number}>
              Holds
            </th>
          </tr>
        </thead>
        <tbody>
          {agents.map((agent) => (
            <tr key={agent.id}>
              <th scope="row">
                <span class={styles.who}>
                  <Avatar name={agent.name} size="tiny" />
                  {agent.name}
                </span>
              </th>
              <td>
                <span class={`${styles.who} ${styles.state}`}>
                  <span class={`${marks.dot} ${marks[agent.connected ? agent.declared : "offline"]}`} aria-hidden="true" />
                  {agent.connected ? labelOf(agent.declared) : "Not connected"}
                </span>
              </td>
              <td>{agent.teams.length === 0 ? <span class={parts.hint}>none</span> : agent.teams.join(", ")}</td>
              <td class={styles.number}>
                {agent.holding === null ? <span class={parts.hint}>not yours to see</span> : loadOf(agent.holding, agent.capacity)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function loadOf(holding: number, capacity: number | null): string {
  return `${holding.toLocaleString()}${capacity === null ? "" : ` of ${capacity.toLocaleString()}`}`;
}
