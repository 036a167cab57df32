import type { Principal } from "../../access/principal.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Field } from "../../protocol/blueprints.ts";
import type { OfferedChoice, OfferedChoices } from "../../protocol/commands.ts";
import { fieldKinds } from "../fields/fieldKinds.ts";
import { searchPeople } from "./namedStore.ts";

const mostOffered = 20;

/** What may stand in a field whose values name something, as one types; undefined where nothing can be offered for it. */
export async function offerValues(
  { database }: { database: Pick<Database, "aside"> },
  principal: Principal,
  field: Field,
  query: string,
): Promise<OfferedChoices | undefined> {
  if (fieldKinds[field.type].names !== "account") return undefined;
  if (principal.kind === "visitor") return { items: [], truncated: false };
  const wanted = query.trim();
  const people = await searchPeople(database.aside.forTenant(principal.tenant), wanted, mostOffered + 1);
  const me: OfferedChoice[] = "me".startsWith(wanted.toLowerCase()) ? [{ value: "me", label: `${principal.name} (you)` }] : [];
  const others = people
    .filter(({ id }) => id !== principal.account || me.length === 0)
    .map(({ name, email }) => ({ value: email, label: name }));
  return { items: [...me, ...others].slice(0, mostOffered), truncated: people.length > mostOffered };
}
