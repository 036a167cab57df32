import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allPermissions, type Permission, recordPermissions } from "../../src/access/permissions.ts";
import { mayGive, type Reached, reaches, reachesBlueprint, reachesPublished, reachOf } from "../../src/access/policy.ts";
import { type Grant, grantsOf, permissionsOf, predefinedRoles } from "../../src/access/roles/roles.ts";

const inboxes = ["web", "shop"];
const teams = ["support", "sales"];
const person = (grants: readonly Grant[], own: readonly string[] = []) => ({ account: "me", grants, teams: own });

/** Every conversation that can differ in what rights look at. */
const conversations: Reached[] = inboxes.flatMap((inbox) =>
  teams.flatMap((team) => [[], ["me"], ["another"]].map((people) => ({ inbox, team, people }))),
);

const readOn = (on: Grant["on"], records?: Grant["records"]): Grant => ({
  permission: "conversations.read",
  ...(on === undefined ? {} : { on }),
  ...(records === undefined ? {} : { records }),
});

describe("which conversations a permission counts for", () => {
  it.each<[string, Grant[], string[], (conversation: Reached) => boolean]>([
    ["without the permission none", [], teams, () => false],
    ["without a place all", [readOn(undefined)], [], () => true],
    ["an inbox's", [readOn({ inbox: ["web"] })], [], ({ inbox }) => inbox === "web"],
    ["a team's", [readOn({ team: ["sales"] })], [], ({ team }) => team === "sales"],
    [
      "an inbox's and a team's: both",
      [readOn({ inbox: ["web"], team: ["sales"] })],
      [],
      ({ inbox, team }) => inbox === "web" && team === "sales",
    ],
    [
      "two grants: either",
      [readOn({ inbox: ["web"] }), readOn({ team: ["sales"] })],
      [],
      ({ inbox, team }) => inbox === "web" || team === "sales",
    ],
    ["one's own", [readOn(undefined, "own")], teams, () => false],
    ["of one's teams", [readOn(undefined, "team")], ["sales"], ({ team }) => team === "sales"],
    [
      "of one's teams in an inbox",
      [readOn({ inbox: ["shop"] }, "team")],
      ["sales"],
      ({ inbox, team }) => inbox === "shop" && team === "sales",
    ],
    ["of no team", [readOn(undefined, "team")], [], () => false],
    ["of one's teams among some", [readOn({ team: ["support"] }, "team")], ["sales"], () => false],
  ])("%s", (_name, grants, own, expected) => {
    const reach = reachOf(person(grants, own), "conversations.read");
    for (const conversation of conversations) {
      const mine = grants.length > 0 && conversation.people.includes("me");
      expect(reaches(reach, conversation)).toBe(mine || expected(conversation));
    }
  });

  it("a grant that is unlimited stands above those that are not", () => {
    expect(reachOf(person([readOn({ inbox: ["web"] }), readOn(undefined)]), "conversations.read")).toBe("all");
  });
});

/** What somebody who holds the grants can do at most, in words: in whichever teams they are or come to be. */
function powers(grants: readonly Grant[], myTeams: readonly string[]): Set<string> {
  return new Set(
    allPermissions.flatMap((permission) => {
      const reach = reachOf(person(grants, myTeams), permission);
      if (reach === undefined) return [];
      if (permission === "commands.run") {
        const runs = [undefined, ...operations].filter((operation) => reachesPublished({ grants }, operation));
        return [permission, ...runs.map((operation) => `runs ${operation ?? "automations"}`)];
      }
      if (permission.startsWith("entities.")) {
        const found = blueprints.filter((blueprint) => reachesBlueprint({ grants }, permission, blueprint));
        return [permission, ...found.map((blueprint) => `${permission} ${blueprint}`)];
      }
      if (!recordPermissions.has(permission)) return [permission];
      // One's own: whoever answers it sees it, and everybody who holds the permission at all has that.
      const seen = conversations.filter((conversation) => !conversation.people.includes("me") && reaches(reach, conversation));
      return [permission, ...seen.map((conversation) => `${permission} ${JSON.stringify(conversation)}`)];
    }),
  );
}

const operations = ["late-orders", "refund"];
const blueprints = ["deliveries", "salaries"];
const teamSets = [[], ["support"], ["sales"], teams];
const grantArbitrary: fc.Arbitrary<Grant> = fc
  .record({
    permission: fc.constantFrom(...allPermissions),
    inbox: fc.option(fc.uniqueArray(fc.constantFrom(...inboxes), { minLength: 1 })),
    team: fc.option(fc.uniqueArray(fc.constantFrom(...teams), { minLength: 1 })),
    operation: fc.option(fc.uniqueArray(fc.constantFrom(...operations), { minLength: 1 })),
    blueprint: fc.option(fc.uniqueArray(fc.constantFrom(...blueprints), { minLength: 1 })),
    records: fc.option(fc.constantFrom("own" as const, "team" as const, "all" as const)),
  })
  .map(({ permission, inbox, team, operation, blueprint, records }) => {
    if (permission === "commands.run" && operation !== null) return { permission, on: { operation } };
    if (permission.startsWith("entities.") && blueprint !== null) return { permission, on: { blueprint } };
    if (!recordPermissions.has(permission)) return { permission };
    const on = { ...(inbox === null ? {} : { inbox }), ...(team === null ? {} : { team }) };
    return { permission, ...(Object.keys(on).length === 0 ? {} : { on }), ...(records === null ? {} : { records }) };
  });
const role = fc.oneof(fc.constantFrom(...predefinedRoles.map(({ grants }) => grants)), fc.array(grantArbitrary, { maxLength: 4 }));

describe("nobody gives what they don't have", () => {
  it("sec/tenancy/6 over all pairs of roles: what may be given never reaches further than the giver, whatever teams either is in", () => {
    fc.assert(
      fc.property(role, role, fc.constantFrom(...teamSets), fc.constantFrom(...teamSets), (held, given, giversTeams, takersTeams) => {
        if (!mayGive(held, given)) return;
        const own = powers(held, giversTeams);
        for (const power of powers(given, takersTeams)) expect(own.has(power), power).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("the owner may give every role, everybody the roles that they are made of, and nobody but the owner makes owners", () => {
    const of = new Map(predefinedRoles.map(({ key, grants }) => [key, grants]));
    const may = (giver: string) => [...of].filter(([, given]) => mayGive(of.get(giver) ?? [], given)).map(([key]) => key);
    expect(may("owner")).toEqual([...of.keys()]);
    expect(may("admin")).toEqual([...of.keys()].filter((key) => key !== "owner"));
    expect(may("supervisor")).toEqual(["supervisor", "agent", "sales", "operations", "support", "finance", "management", "employee"]);
    expect(may("sales")).toEqual(["employee"]);
    expect(may("employee")).toEqual(["employee"]);
  });

  it("sec/tenancy/9 a role that nobody knows, or a permission of another version, gives nothing", () => {
    expect(grantsOf(["operator", "constructor", "__proto__"])).toEqual([]);
    const strange: Grant[] = JSON.parse('[{"permission":"everything"},{"permission":"__proto__"},{"permission":"commands.run"}]');
    expect([...permissionsOf(["night"], { night: strange })]).toEqual<Permission[]>(["commands.run"]);
  });
});
