import { Hourglass, TimerOff } from "lucide-preact";
import { exactTime } from "../../src/client/relativeTime.ts";
import type { ServiceClock } from "../../src/protocol/desk.ts";
import { Chip } from "../look/Chip.tsx";
import parts from "../look/parts.module.css";
import { now } from "../shell/now.ts";
import { waited, waitedInWords } from "./waiting.ts";

const promises = { first: "First answer", next: "Next answer", resolution: "Resolution" };

/** How long there is left for what was promised next; past it, how long it is late. */
export function ServiceChip({ service }: { service: ServiceClock }) {
  const { kind, dueAt, warnAt } = service;
  const nowMs = now.value;
  const late = nowMs >= Date.parse(dueAt);
  const left = late ? waited(dueAt, nowMs) : waited(new Date(nowMs).toISOString(), Date.parse(dueAt));
  const words = late ? waitedInWords(dueAt, nowMs) : waitedInWords(new Date(nowMs).toISOString(), Date.parse(dueAt));
  const Icon = late ? TimerOff : Hourglass;
  return (
    <Chip
      tone={late ? "bad" : nowMs >= Date.parse(warnAt) ? "warn" : undefined}
      title={`${promises[kind]} ${late ? "was promised" : "is promised"} by ${exactTime(dueAt)}`}
    >
      <Icon aria-hidden="true" />
      <span aria-hidden="true">{late ? `+${left}` : left}</span>
      <span class={parts.hidden}>
        {promises[kind]}: {late ? `late by ${words}` : `${words} left`}
      </span>
    </Chip>
  );
}
