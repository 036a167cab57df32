import { searchPeople } from "../../entities/named/namedStore.ts";
import { offerEntities } from "../../entities/namedEntities.ts";
import type { OfferedChoice } from "../../protocol/commands.ts";
import type { CardRow } from "../cards/cardStore.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Asker } from "./askCommand.ts";
import { commandAsked } from "./forms.ts";
import { argumentsOf } from "./inputs.ts";

const mostOffered = 50;

/** What may be chosen for an input of a card's form, by whoever asks, as far as it fits what they typed. */
export async function choicesFor(
  outside: ChatOutside,
  asker: Asker,
  card: CardRow,
  value: string | undefined,
  { input, typed, values }: { input: string; typed: string; values: Readonly<Record<string, string>> },
): Promise<OfferedChoice[]> {
  const asked = await commandAsked(outside, asker, card, value);
  const argument = asked?.command.args.properties[input];
  if (asked === undefined || argument === undefined) return [];
  const { command } = asked;
  const { principal } = asker;
  if (argument.choicesFrom !== undefined && command.choices !== undefined) {
    const args = argumentsOf(command.args, values);
    return (await command.choices({ principal, argument: input, args, query: typed })).items.slice(0, mostOffered);
  }
  if (argument.format === "entity" && argument.blueprint !== undefined)
    return (await offerEntities(outside, principal, argument.blueprint, typed)).items.slice(0, mostOffered);
  if (argument.format !== "account") return [];
  const people = await searchPeople(outside.database.forTenant(principal.tenant), typed.trim(), mostOffered);
  return people.map(({ name, email }) => ({ value: email, label: name }));
}
