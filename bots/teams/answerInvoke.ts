import { z } from "zod";
import type { ChatEvent, ChatPerson } from "../../src/channels/chatEvent.ts";
import type { ChatHouse } from "../../src/channels/chatHouse.ts";
import { ChatFailure, type Installation } from "../../src/channels/chatService.ts";
import type { Form } from "../../src/channels/drawing.ts";
import type { ChannelReply } from "../../src/conversations/ledger/channel.ts";
import type { Log } from "../../src/platform/log/log.ts";
import { type Activity, timeZoneOf } from "./activity.ts";
import { commandDialog, readCommandLine } from "./commandDialog.ts";
import { keyOf, placeOf } from "./eventsOf.ts";
import { cardType, presentCard } from "./present.ts";
import { type Dialog, presentForm, readDataset, readSubmitted } from "./presentForm.ts";
import { type Pressing, readPressing } from "./pressed.ts";
import { connectorFor, conversationOf, type TeamsOutside } from "./teamsChat.ts";
import { consent, putFile } from "./teamsFiles.ts";

export interface Asking extends TeamsOutside {
  house: Pick<ChatHouse, "heard" | "formOf" | "check" | "choices" | "search" | "offerFile" | "takeOffered">;
  log: Log;
  installation: Installation;
  person: ChatPerson;
  activity: Activity;
}

const strange = "This isn't a card of Switchboard's, or it was changed on its way.";
const executed = z.looseObject({ action: z.looseObject({ type: z.literal("Action.Execute"), verb: z.string(), data: z.unknown() }) });
const dialogData = z.looseObject({ data: z.record(z.string(), z.unknown()) });
const asked = z.looseObject({
  queryText: z.string().max(1000).default(""),
  dataset: z.string().max(1000),
  data: z.record(z.string(), z.unknown()).default({}),
});
const query = z.looseObject({
  parameters: z
    .array(z.looseObject({ name: z.string(), value: z.unknown() }))
    .max(20)
    .default([]),
});

/** What Teams waits for: a dialog, the answer to a press, choices, or what was found. Refusals: whatever the house refuses. */
export async function answerInvoke(asking: Asking): Promise<ChannelReply> {
  switch (asking.activity.name) {
    case "adaptiveCard/action":
      return await pressed(asking);
    case "task/fetch":
      return dialogReply(await opened(asking));
    case "task/submit":
      return dialogReply(await submitted(asking));
    case "composeExtension/fetchTask":
      return dialogReply(shown(commandDialog()));
    case "composeExtension/submitAction":
      return dialogReply(await commanded(asking));
    case "composeExtension/query":
      return await searched(asking);
    case "application/search":
      return await completed(asking);
    case "fileConsent/invoke":
      return await consented(asking);
    default:
      // As botbuilder answers what nobody handles.
      return { status: 501 };
  }
}

/** Says it in the way in which this question is answered. */
export function sayToInvoke({ name = "" }: Activity, text: string): ChannelReply {
  if (name === "adaptiveCard/action") return cardReply(403, "application/vnd.microsoft.error", { code: "Forbidden", message: text });
  if (name.startsWith("task/") || name === "composeExtension/fetchTask" || name === "composeExtension/submitAction")
    return dialogReply(said(text));
  if (name === "composeExtension/query") return { status: 200, body: { composeExtension: { type: "message", text } } };
  if (name === "application/search") return searchReply([]);
  return { status: 200, body: {} };
}

async function pressed({ house, installation, activity, ...asking }: Asking): Promise<ChannelReply> {
  const { success, data } = executed.safeParse(activity.value);
  const pressing = success ? readPressing(data.action.data) : undefined;
  if (!success || pressing === undefined || pressing.verb !== data.action.verb) {
    return cardReply(400, "application/vnd.microsoft.error", { code: "BadRequest", message: strange });
  }
  await house.heard(installation, pressedEvent({ activity, ...asking }, pressing));
  return cardReply(200, "application/vnd.microsoft.activity.message", "It is being done; the answer comes here.");
}

type Task = { type: "message"; value: string } | { type: "continue"; value: object };

async function opened({ house, installation, ...asking }: Asking): Promise<Task> {
  const { success, data } = dialogData.safeParse(asking.activity.value);
  // Both are Teams' own words for what it is to do.
  const { msteams: _, type: __, ...own } = success ? data.data : {};
  const pressing = readPressing(own);
  if (pressing === undefined) return said(strange);
  const found = await house.formOf(installation, pressedEvent(asking, pressing));
  if (found === undefined) return said("There is nothing to open any more.");
  return "form" in found
    ? shown(presentForm(found.form, timeZoneOf(asking.activity), pressing))
    : shown({ title: "Switchboard", card: presentCard(found.say) });
}

async function submitted({ house, installation, person, activity, ...asking }: Asking): Promise<Task> {
  const { success, data } = dialogData.safeParse(activity.value);
  const filled = success ? readSubmitted(data.data, timeZoneOf(activity)) : undefined;
  if (filled === undefined) return said(strange);
  const { card, values, opened: pressing } = filled;
  const wrong = await house.check(installation, person, card, values);
  if (Object.keys(wrong).length === 0) {
    await house.heard(installation, { kind: "filled", key: keyOf(activity), person, place: placeOf(activity), card, values });
    return said("It is being done; the answer comes into the chat.");
  }
  const found = await house.formOf(installation, pressedEvent({ ...asking, person, activity }, pressing));
  if (found === undefined || !("form" in found)) return said(Object.values(wrong).join(" "));
  return shown(presentForm(withProblems(found.form, values, wrong), timeZoneOf(activity), pressing));
}

function withProblems(form: Form, values: Readonly<Record<string, string>>, wrong: Readonly<Record<string, string>>): Form {
  const names = new Set(form.inputs.map(({ name }) => name));
  const others = Object.entries(wrong).flatMap(([name, why]) => (names.has(name) ? [] : [why]));
  const text = [...others, ...(form.text === undefined ? [] : [form.text])].join("\n");
  return {
    ...form,
    ...(text === "" ? {} : { text }),
    inputs: form.inputs.map((input) => {
      const { [input.name]: value = input.value } = values;
      const error = wrong[input.name];
      return { ...input, ...(value === undefined ? {} : { value }), ...(error === undefined ? {} : { error }) };
    }),
  };
}

async function commanded({ house, installation, person, activity }: Asking): Promise<Task> {
  const { success, data } = dialogData.safeParse(activity.value);
  const text = success ? readCommandLine(data.data) : undefined;
  if (text === undefined) return said("Say what is to be done.");
  const at = new Date(activity.timestamp ?? Date.now()).toISOString();
  await house.heard(installation, {
    kind: "said",
    key: keyOf(activity),
    person,
    place: placeOf(activity),
    text,
    files: [],
    by: "command",
    at,
  });
  return said("It is being done; the answer comes into the chat.");
}

async function searched({ house, installation, person, activity }: Asking): Promise<ChannelReply> {
  const { parameters } = query.safeParse(activity.value).data ?? { parameters: [] };
  const typed = parameters.find(({ name }) => name === "query")?.value;
  const found = await house.search(installation, person, typeof typed === "string" ? typed.slice(0, 200) : "");
  if (found.length === 0) return sayToInvoke(activity, "Nothing was found.");
  const attachments = found.map(({ title, text, drawing }) => ({
    contentType: cardType,
    content: presentCard(drawing),
    preview: { contentType: "application/vnd.microsoft.card.thumbnail", content: { title: plain(title), text: plain(text) } },
  }));
  return { status: 200, body: { composeExtension: { type: "result", attachmentLayout: "list", attachments } } };
}

/** A thumbnail's texts are read as HTML. */
function plain(text: string): string {
  return text.slice(0, 300).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

async function completed({ house, installation, person, activity }: Asking): Promise<ChannelReply> {
  const { success, data } = asked.safeParse(activity.value);
  const named = success ? readDataset(data.dataset) : undefined;
  if (!success || named === undefined) return searchReply([]);
  const values = readSubmitted({ ...data.data, card: named.card }, timeZoneOf(activity))?.values ?? {};
  const choices = await house.choices(installation, person, { ...named, typed: data.queryText, values });
  return searchReply(choices.map(({ value, label }) => ({ title: label, value })));
}

async function consented({ activity, installation, house, log, ...outside }: Asking): Promise<ChannelReply> {
  const { app } = installation;
  const { success, data } = consent.safeParse(activity.value);
  if (!success) return done;
  const place = placeOf(activity);
  const conversation = conversationOf(place);
  const file = await house.takeOffered(installation, conversation, data.context.file);
  const connector = await connectorFor(outside, app, place);
  const tried = async (work: () => Promise<unknown>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof ChatFailure)) throw error;
      log.info({ err: error, app: app.id }, "a file that was agreed to could not be handed over");
      return false;
    }
  };
  const say = (text: string) => tried(() => connector.send(conversation, { type: "message", textFormat: "plain", text }));
  const { uploadInfo } = data;
  // It is decided: nobody shall press it once more.
  if (activity.replyToId !== undefined) await tried(() => connector.remove(conversation, activity.replyToId ?? ""));
  if (data.action === "decline") return done;
  if (file === undefined || uploadInfo === undefined) await say("The file is no more here; ask for it again.");
  else if (!(await tried(async () => connector.send(conversation, await putFile(outside.cloud, file, uploadInfo))))) {
    await say("The file could not be put there; ask for it again.");
  }
  return done;
}

const done: ChannelReply = { status: 200, body: {} };

function pressedEvent({ activity, person }: Pick<Asking, "activity" | "person">, pressing: Pressing): ChatEvent & { kind: "pressed" } {
  const message = activity.replyToId === undefined ? {} : { message: activity.replyToId };
  return { kind: "pressed", key: keyOf(activity), person, place: placeOf(activity), ...pressing, ...message };
}

function said(text: string): Task {
  return { type: "message", value: text };
}

function shown({ title, card }: Dialog): Task {
  return { type: "continue", value: { title, height: "medium", width: "medium", card: { contentType: cardType, content: card } } };
}

function dialogReply(task: Task): ChannelReply {
  return { status: 200, body: { task } };
}

function cardReply(statusCode: number, type: string, value: unknown): ChannelReply {
  return { status: 200, body: { statusCode, type, value } };
}

function searchReply(results: readonly { title: string; value: string }[]): ChannelReply {
  return cardReply(200, "application/vnd.microsoft.search.searchResponse", { results });
}
