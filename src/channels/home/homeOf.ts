import { runsOf, storyOf } from "../../commands/runs/readRuns.ts";
import { deskPage } from "../asking/askCommand.ts";
import { runDrawing } from "../asking/drawn.ts";
import { commandsFor } from "../asking/findCommand.ts";
import { cardOf } from "../asking/performing.ts";
import { insertCard } from "../cards/cardStore.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Home } from "../drawing.ts";
import type { Who } from "../people/people.ts";

const mostWaiting = 10;
const mostCommands = 20;

/** What somebody finds where they look first. Its cards are remembered, so that they can be pressed. */
export async function homeOf(outside: ChatOutside, { installation, person, principal }: Who): Promise<Home> {
  if (principal === undefined)
    return {
      greeting: `Hello ${person.name}. You are not linked to an account yet: write "link" to me, and I show you how.`,
      waiting: [],
      commands: [],
    };
  const sql = outside.database.forTenant(installation.tenant);
  const waiting = await runsOf(outside, principal, {
    limit: mostWaiting,
    cursor: undefined,
    sort: undefined,
    filter: JSON.stringify({ state: { eq: "waiting" } }),
  });
  const shown = [];
  for (const { id } of waiting.items) {
    const story = await storyOf(outside, principal, id);
    if (!story.may.includes("approve")) continue;
    const card = cardOf(installation.id, `home ${id} ${person.id}`);
    await insertCard(sql, {
      id: card,
      installation: installation.id,
      person: person.id,
      data: { kind: "approval" },
      run: id,
      place: null,
      only: null,
      drawn: null,
    });
    shown.push(runDrawing(card, story, principal.account, (path) => deskPage(outside, path)));
  }
  const commands = await commandsFor(outside.registry, principal);
  const first = [...commands.filter(({ source }) => source !== "built-in"), ...commands.filter(({ source }) => source === "built-in")];
  const card = cardOf(installation.id, `home ${person.id}`);
  await insertCard(sql, {
    id: card,
    installation: installation.id,
    person: person.id,
    data: { kind: "commands" },
    run: null,
    place: null,
    only: null,
    drawn: null,
  });
  return {
    greeting: `Hello ${principal.name}. You may run ${commands.length} commands.`,
    waiting: shown,
    commands: first.slice(0, mostCommands).map(({ name, summary }) => ({ name, summary })),
    card: {
      id: card,
      buttons: first.slice(0, mostCommands).map(({ name }) => ({ verb: "open", label: name, value: name, opens: true as const })),
    },
  };
}
