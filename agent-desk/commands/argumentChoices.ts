import type { ArgSchema } from "../../src/protocol/commands.ts";
import type { ConversationHead } from "../../src/protocol/desk.ts";
import type { DeskState } from "../live/deskState.ts";
import type { Choice } from "./commandLine.ts";

/** Ways to say until when: the server reads many more. */
export const untilChoices: Choice[] = [
  { value: "in 1 hour", about: "In an hour" },
  { value: "in 3 hours", about: "In three hours" },
  { value: "tomorrow 9:00", about: "Tomorrow at 9:00" },
  { value: "next monday 9:00", about: "Next Monday at 9:00" },
];

const mostConversations = 20;

/** Days by words, in the person's own zone, as the command takes them. */
export function dayChoices(now: Date): Choice[] {
  const day = (later: number, about: string) => {
    const at = new Date(now.getFullYear(), now.getMonth(), now.getDate() + later, 12);
    const two = (number: number) => String(number).padStart(2, "0");
    return { value: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`, about };
  };
  return [
    ...[day(0, "Today"), day(-1, "Yesterday"), day(1, "Tomorrow"), day(-7, "A week ago"), day(7, "In a week")],
    ...[day(1 - now.getDate(), "The first of this month"), day(-30, "30 days ago")],
  ];
}

/** The values of an argument that the desk knows: those that its schema lists, and people, teams, tags and conversations by what the argument is called. */
export function argumentChoices(
  { agents, account, teams, aids, conversations }: DeskState,
  head: ConversationHead | null,
  argument: string,
  schema: ArgSchema | undefined,
): readonly Choice[] {
  if (schema?.enum !== undefined) return schema.enum.map((value) => ({ value: String(value) }));
  if (schema?.type === "boolean") return [{ value: "true" }, { value: "false" }];
  const people = () => agents.value.filter(({ id }) => id !== account.id).map(({ email, name }) => ({ value: email, about: name }));
  const teamsKnown = () => (teams.value ?? []).map(({ id, name }) => ({ value: id, about: name }));
  if (schema?.format === "date") return dayChoices(new Date());
  if (schema?.format === "account") return agents.value.map(({ email, name }) => ({ value: email, about: name }));
  if (argument === "until") return untilChoices;
  if (argument === "email") return schema?.format === "email" ? [] : people();
  if (argument === "team") return teamsKnown();
  if (argument === "to")
    return [...people(), ...teamsKnown(), { value: "queue", about: "The queue of its team" }, { value: "bot", about: "The assistant" }];
  if (argument === "tag") return aids.tags.value.map(({ name }) => ({ value: name }));
  if (argument === "contact" && head !== null) return [{ value: head.contact.id, about: head.contact.name }];
  if (argument === "into")
    return [...conversations.all()]
      .filter(({ id }) => id !== head?.id)
      .slice(0, mostConversations)
      .map(({ id, contact, lastText }) => ({ value: id, about: `${contact.name}: ${lastText}` }));
  return [];
}
