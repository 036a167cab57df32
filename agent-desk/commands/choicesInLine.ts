import type { CommandListing } from "../../src/protocol/commands.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import { ownValue } from "../../src/protocol/ownValue.ts";
import type { DeskState } from "../live/deskState.ts";
import { argumentChoices } from "./argumentChoices.ts";
import type { Choice } from "./commandLine.ts";
import type { Typed } from "./lineItems.ts";
import { offeredFor } from "./offeredChoices.ts";

/** The values that may be written for an argument of a line: those that the desk knows, and those that the server offers for it. */
export function choicesInLine(
  desk: DeskState,
  head: ConversationHead | null,
): (argument: string, command: CommandListing, typed: Typed) => readonly Choice[] {
  return (argument, { name, args }, { partial, values }) => {
    const schema = args.properties[argument];
    if (schema?.choicesFrom === undefined) return argumentChoices(desk, head, argument, schema);
    const after = Object.fromEntries(schema.choicesFrom.after.map((each) => [each, ownValue(values, each) ?? ""]));
    const { items } = offeredFor(name, argument, after, partial);
    return items.map(({ value, label }) => (label === value ? { value } : { value, about: label }));
  };
}
