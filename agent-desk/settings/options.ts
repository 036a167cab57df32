import type { TeamView } from "../../src/protocol/teams.ts";

export interface Option {
  value: string;
  label: string;
}

/** What has a key and a name, to choose from. */
export function optionsOf(things: readonly { key: string; name: string }[]): Option[] {
  return things.map(({ key, name }) => ({ value: key, label: name }));
}

/** Every team that can be asked for, and the `chosen` one whatever became of it. */
export function teamOptions(teams: readonly Pick<TeamView, "key" | "name" | "active">[], chosen: string): Option[] {
  const options = optionsOf(teams.filter(({ active, key }) => active || key === chosen));
  const gone = chosen !== "" && !options.some(({ value }) => value === chosen) ? [{ value: chosen, label: chosen }] : [];
  return [...options, ...gone].sort((a, b) => a.label.localeCompare(b.label));
}
