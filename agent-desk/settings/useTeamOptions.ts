import type { TeamView } from "../../src/protocol/teams.ts";
import { type Option, teamOptions } from "./options.ts";
import { useCommandData } from "./useCommandData.ts";

/** The teams to choose from; while they are fetched, the `chosen` one. */
export function useTeamOptions(chosen: string): Option[] {
  const { data } = useCommandData<TeamView>("team.list", "teams");
  return teamOptions(data ?? [], chosen);
}
