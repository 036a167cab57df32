import type { House, Marked, Row, Scope } from "./reachHouse.ts";

/** What a text shows of the conversations, by their numbers, and of the people in them, by their ids. */
export interface Shown {
  conversations: string[];
  contacts: string[];
}

/** The whole rule, over all rows: nothing of the product is asked. */
export function isRead(scope: Scope, { house, rows }: { house: House; rows: readonly Row[] }, row: Row): boolean {
  return mayDo(scope.reads, scope, { house, rows }, row);
}

export function mayDo(
  places: Scope["reads"],
  scope: Scope,
  world: { house: House; rows: readonly Row[] },
  { tenant, inbox, team, agent, offered, participants, target }: Row,
): boolean {
  const account = world.house.people.get(scope.name)?.id ?? "";
  if (places === undefined || (tenant !== world.house.product.tenant) !== (scope.elsewhere === true)) return false;
  if (agent === account || offered === account || account in participants) return true;
  if (places.some((place) => (place.inbox ?? inbox) === inbox && (place.team ?? team) === team)) return true;
  // What was merged into a conversation is a part of it.
  const into = world.rows.find(({ id }) => id === target);
  return into !== undefined && mayDo(places, scope, world, into);
}

/** Whatever stands in this text that is unmistakably some conversation's or some person's. */
export function shownIn(text: string, marked: readonly Marked[], rows: readonly Row[]): Shown {
  const conversations = marked.filter(
    ({ id, number, file }) =>
      text.includes(id) || text.includes(file) || new RegExp(`(spoken|noted|filed|late|secret)${number}`).test(text),
  );
  const contacts = rows.filter(({ contact, name }) => text.includes(contact) || text.includes(name)).map(({ contact }) => contact);
  return { conversations: conversations.map(({ number }) => number).sort(), contacts: [...new Set(contacts)].sort() };
}

/** What somebody may be shown at all: only these conversations, and only the people of these. */
export function expectedOf(scope: Scope, house: House, rows: readonly Row[], fits: (row: Row) => boolean = () => true): Shown {
  const seen = rows.filter((row) => isRead(scope, { house, rows }, row) && fits(row));
  const numbers = house.marked.filter(({ id }) => seen.some((row) => row.id === id)).map(({ number }) => number);
  return { conversations: numbers.sort(), contacts: [...new Set(seen.map(({ contact }) => contact))].sort() };
}
