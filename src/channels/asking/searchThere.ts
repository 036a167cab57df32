import type { AccountPrincipal } from "../../access/principal.ts";
import { usage } from "../../commands/arguments.ts";
import { offerEntities } from "../../entities/namedEntities.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Drawing } from "../drawing.ts";
import { deskPage } from "./askCommand.ts";
import { commandsFor } from "./findCommand.ts";

const most = 25;
const mostBlueprints = 10;

export interface FoundThere {
  title: string;
  text: string;
  drawing: Drawing;
}

/** Commands and entities that fit what somebody typed, for them to put into a message: of entities only what they may see. */
export async function searchEverything(outside: ChatOutside, principal: AccountPrincipal, typed: string): Promise<FoundThere[]> {
  const wanted = typed.trim().toLowerCase();
  const commands = await commandsFor(outside.registry, principal);
  const named = commands
    .filter(({ name, summary }) => name.includes(wanted) || summary.toLowerCase().includes(wanted))
    .map((command) => ({ title: command.name, text: command.summary, drawing: { text: `/sb ${usage(command)}\n${command.summary}` } }));
  const blueprints = [
    ...new Set(commands.flatMap((command) => (command.audience === "staff" && command.blueprint !== undefined ? [command.blueprint] : []))),
  ];
  const entities: FoundThere[] = [];
  for (const blueprint of blueprints.slice(0, mostBlueprints)) {
    const { items } = await offerEntities(outside, principal, blueprint, typed);
    for (const { value, label } of items) {
      const more = { label: "At the desk", url: deskPage(outside, `data/${blueprint}`) };
      entities.push({ title: label, text: `${blueprint} ${value}`, drawing: { text: `${blueprint} ${value}: ${label}`, more } });
    }
  }
  return [...entities.slice(0, most - Math.min(named.length, 5)), ...named].slice(0, most);
}
