import { expect, it } from "vitest";
import { teamOptions } from "../../../agent-desk/settings/options.ts";

const team = (key: string, active = true) => ({ key, name: key.toUpperCase(), active });

it("offers every team that is open, also one that has no conversation, and keeps the one that was chosen", () => {
  const teams = [team("support"), team("billing"), team("old", false)];
  const keys = (chosen: string) => teamOptions(teams, chosen).map(({ value }) => value);
  expect(keys("")).toEqual(["billing", "support"]);
  expect(keys("old")).toEqual(["billing", "old", "support"]);
  expect(keys("deleted")).toEqual(["billing", "deleted", "support"]);
  expect(teamOptions([], "support")).toEqual([{ value: "support", label: "support" }]);
});
