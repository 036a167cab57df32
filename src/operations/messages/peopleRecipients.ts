import { type ActiveColleague, listColleagues } from "../../access/members/colleagueStore.ts";
import { ownGrants } from "../../access/roles/roleStore.ts";
import { isPredefined } from "../../access/roles/roles.ts";
import { foldEmail } from "../../access/sessions/signIn.ts";
import { readAddress } from "../../platform/mail/address.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { taggedAt } from "./contactRecipients.ts";
import {
  groupOf,
  mostRecipients,
  type Place,
  type PlannedCall,
  type Recipient,
  type RecipientOutside,
  type Skip,
  strangerAt,
} from "./recipient.ts";

interface Wanted {
  place: Place;
  team?: string;
  role?: string;
  address?: string;
}

/** People of the desk by addresses, teams and roles; by mail also any address, and contacts by a tag. Refusals `not_found`, `invalid_value`. */
export async function peopleAt(
  outside: RecipientOutside,
  by: "mail" | "notice",
  places: readonly Place[],
  call: PlannedCall,
  skip: Skip,
): Promise<Recipient[]> {
  const { tenant } = call.principal;
  const [wanted, tagged]: [Wanted[], Recipient[]] = [[], []];
  for (const place of places) {
    if (by === "mail" && groupOf(place)?.kind === "tag") {
      for (const one of await taggedAt(outside, place, call, mostRecipients.mail)) {
        if (one.email === null) skip("no mail address is known of them", one.name);
        else tagged.push(one);
      }
      continue;
    }
    const read = await readPlace(outside, tenant, place);
    if (read === undefined) skip("this is no mail address", place.value.slice(0, 100));
    else wanted.push(read);
  }
  const colleagues = await listColleagues(outside.database.forTenant(tenant), {
    emails: wanted.flatMap(({ address }) => (address === undefined ? [] : foldEmail(address))),
    teams: wanted.flatMap(({ team }) => team ?? []),
    roles: wanted.flatMap(({ role }) => role ?? []),
  });
  const people = wanted.flatMap(({ place, team, role, address }): Recipient[] => {
    if (team !== undefined) return colleagues.filter(({ teams }) => teams.includes(team)).map((one) => colleague(one, {}));
    if (role !== undefined) return colleagues.filter(({ roles }) => roles.includes(role)).map((one) => colleague(one, {}));
    if (address === undefined) return [];
    const known = colleagues.find(({ email }) => email === foldEmail(address));
    if (known !== undefined) return [colleague(by === "mail" ? { ...known, email: address } : known, place.row)];
    if (by === "mail") return [strangerAt(address, place.row)];
    if (!place.ofRow) throw new Refusal("not_found", `Nobody who works here has the address "${address}".`, { path: place.path });
    skip("they don't work here", address);
    return [];
  });
  return [...people, ...tagged];
}

/** Undefined for what a row has in the place of an address. */
async function readPlace(outside: RecipientOutside, tenant: string, place: Place): Promise<Wanted | undefined> {
  const { value, path } = place;
  const group = groupOf(place);
  if (group?.kind === "team") {
    const team = await outside.findTeam(tenant, group.name);
    if (team === undefined) throw new Refusal("not_found", `There is no team "${group.name.slice(0, 60)}".`, { path });
    return { place, team: team.key };
  }
  if (group?.kind === "role") {
    if (!isPredefined(group.name) && !Object.hasOwn(await ownGrants(outside.database.acrossTenants, tenant), group.name))
      throw new Refusal("not_found", `There is no role "${group.name.slice(0, 60)}".`, { path });
    return { place, role: group.name };
  }
  const address = readAddress(value);
  if (address !== undefined) return { place, address };
  if (place.ofRow) return undefined;
  throw new Refusal("invalid_value", `"${value.slice(0, 100)}" is no mail address.`, { path });
}

function colleague({ account, name, email }: Pick<ActiveColleague, "account" | "name" | "email">, row: Place["row"]): Recipient {
  return { name, email, account, contact: null, blocked: false, row: { name, email, ...row } };
}
