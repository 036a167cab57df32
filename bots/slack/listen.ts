import { z } from "zod";
import type { ChatPlace } from "../../src/channels/chatEvent.ts";
import type { ChatHouse } from "../../src/channels/chatHouse.ts";
import { ChatFailure, type Installation } from "../../src/channels/chatService.ts";
import type { Drawing } from "../../src/channels/drawing.ts";
import { type Clock, sleep } from "../../src/platform/clock/clock.ts";
import type { Log } from "../../src/platform/log/log.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import type { ActionBody, SubmissionBody, SuggestionBody } from "./bodies.ts";
import type { Listeners } from "./bolt.ts";
import { cut, most } from "./limits.ts";
import { present } from "./present.ts";
import { loadingView, optionsOf, presentForm, saidView } from "./presentForm.ts";
import { readEvent } from "./readEvent.ts";
import { cardOf, personOf, readAction, readCommand, readSubmission, valuesOf } from "./readInteraction.ts";
import { type CallSlack, isRefusal } from "./webApi.ts";

export interface Listening {
  house: ChatHouse;
  clock: Clock;
  log: Log;
  call: CallSlack;
  /** Something came that nobody here is to hear. */
  passOver(what: string): void;
}

const direct = z.looseObject({ channel: z.looseObject({ id: z.string() }) });

/** Slack waits 3 s for an answer; a form that takes longer comes after it. */
const mostFillMs = 2000;

/** What is heard in Slack is told to the house; what Slack waits for is answered at once. */
export function listenersOf(outside: Listening): Listeners {
  const { house, clock } = outside;
  return {
    event: async (installation, body) => {
      const event = readEvent(body, installation);
      if ("passedOver" in event) outside.passOver(event.passedOver);
      else await house.heard(installation, event);
    },
    command: async (installation, body) => {
      await house.heard(installation, readCommand(body, installation.botUser, clock));
    },
    action: (installation, body) => pressed(outside, installation, body),
    submission: (installation, body) => submitted(outside, installation, body),
    suggestion: (installation, body) => suggested(outside, installation, body),
  };
}

async function pressed(outside: Listening, installation: Installation, body: ActionBody): Promise<void> {
  // A link is a button that Slack opens itself.
  if (body.actions[0]?.["url"] !== undefined) return;
  const read = readAction(body);
  if (read === undefined) {
    outside.passOver("a button that isn't ours");
    const { channel, user } = body;
    await tell(outside, installation, channel?.id, user.id, {
      text: "This button is not one of Switchboard's, or too old: nothing was done.",
    });
    return;
  }
  if (read.opens) return await open(outside, installation, body, read.pressed);
  const place = body.channel == null ? await directPlace(outside, installation, read.pressed.place) : read.pressed.place;
  await outside.house.heard(installation, { ...read.pressed, place });
}

/** A home page has no room: what its buttons lead to is said in the person's own one, by whose id messages are drawn anew. */
async function directPlace({ call, log }: Listening, { token }: Installation, place: ChatPlace): Promise<ChatPlace> {
  try {
    const opened = direct.safeParse(await call(token, "conversations.open", { users: place.room }));
    return opened.success ? { ...place, room: opened.data.channel.id } : place;
  } catch (error) {
    log.warn({ error }, "the direct conversation of somebody in Slack could not be asked for");
    return place;
  }
}

/** The modal is opened before anything else is done, since Slack gives 3 s for it; then it is filled. */
async function open(
  outside: Listening,
  installation: Installation,
  { channel, user, trigger_id }: ActionBody,
  pressed: Parameters<ChatHouse["formOf"]>[1],
): Promise<void> {
  const { call, house, clock } = outside;
  let view: unknown;
  try {
    view = Reflect.get(await call(installation.token, "views.open", { trigger_id, view: loadingView() }), "view");
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    const late = isRefusal(error, "expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id");
    const why = late ? "Slack gives 3 seconds to open a form, and it took longer." : `The form could not be opened: ${error.message}`;
    return await tell(outside, installation, channel?.id, user.id, {
      text: `${why} Press the button again, or write the command with /sb.`,
    });
  }
  const filling = house
    .formOf(installation, pressed)
    .catch((error: unknown) => {
      if (!(error instanceof Refusal)) outside.log.error({ error }, "a form in Slack could not be filled");
      const text =
        error instanceof Refusal ? error.message : "Something went wrong on our side. It was logged; please close this and try again.";
      return { say: { text } };
    })
    .then(async (found) => {
      const shown = found === undefined ? { say: { text: "There is nothing to fill in here any more." } } : found;
      const next = "form" in shown ? presentForm(shown.form) : saidView(shown.say);
      await call(installation.token, "views.update", { view_id: idOf(view), view: next });
    })
    .catch((error: unknown) => {
      // Whoever closed it meanwhile wants it no more.
      if (!isRefusal(error, "not_found")) outside.log.warn({ error }, "a form in Slack could not be shown");
    });
  await Promise.race([filling, sleep(clock, mostFillMs)]);
}

async function submitted({ house, passOver }: Listening, installation: Installation, body: SubmissionBody): Promise<unknown> {
  const filled = readSubmission(body);
  if (filled === undefined) {
    passOver("a form that isn't ours");
    return {
      response_action: "update",
      view: saidView({ text: "This form is not one of Switchboard's, or was changed: nothing was done." }),
    };
  }
  try {
    const errors = await house.check(installation, filled.person, filled.card, filled.values);
    if (Object.keys(errors).length > 0) return refusedFields(body, errors);
    await house.heard(installation, filled);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
    return { response_action: "update", view: saidView({ text: error.message }) };
  }
}

/** Beside their inputs; what belongs to none stands beside the first, since Slack refuses others. */
function refusedFields({ view }: SubmissionBody, errors: Readonly<Record<string, string>>): unknown {
  const asked = Object.keys(view.state?.values ?? {});
  const [first] = asked;
  if (first === undefined) return { response_action: "update", view: saidView({ text: Object.values(errors).join("\n") }) };
  const beside: Record<string, string> = {};
  for (const [name, why] of Object.entries(errors)) {
    const place = asked.includes(name) ? name : first;
    beside[place] = cut(beside[place] === undefined ? why : `${beside[place]} ${why}`, most.errorText);
  }
  return { response_action: "errors", errors: beside };
}

async function suggested({ house, passOver }: Listening, installation: Installation, body: SuggestionBody): Promise<unknown> {
  const card = body.view == null ? undefined : cardOf(body.view);
  const person = personOf(body);
  if (body.view == null || card === undefined || person === undefined) {
    passOver("a select that isn't ours");
    return { options: [] };
  }
  const asked = { card, input: body.action_id, typed: body.value, values: valuesOf(body.view) };
  const choices = await house.choices(installation, person, asked).catch((error: unknown) => {
    if (error instanceof Refusal && error.code !== "unavailable") return [];
    throw error;
  });
  return { options: optionsOf(choices) };
}

/** To one person, where they are. That it could not be told is only logged: nothing was done. */
async function tell(
  { call, log }: Listening,
  { token }: Installation,
  room: string | undefined,
  user: string,
  drawing: Drawing,
): Promise<void> {
  const message = present(drawing);
  const alone = room === undefined || room.startsWith("D");
  const telling = alone
    ? call(token, "chat.postMessage", { channel: room ?? user, ...message })
    : call(token, "chat.postEphemeral", { channel: room, user, ...message });
  await telling.catch((error: unknown) => log.warn({ error }, "Slack did not take what somebody was to be told"));
}

function idOf(view: unknown): string {
  const id: unknown = typeof view === "object" && view !== null ? Reflect.get(view, "id") : undefined;
  return typeof id === "string" ? id : "";
}
