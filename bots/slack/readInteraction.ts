import type { ChatEvent, ChatPerson } from "../../src/channels/chatEvent.ts";
import type { Clock } from "../../src/platform/clock/clock.ts";
import type { ActionBody, CommandBody, SubmissionBody, View } from "./bodies.ts";
import { onlyId } from "./messageIds.ts";
import { formCallback } from "./presentForm.ts";
import { type Pressing, readPressing } from "./pressed.ts";
import { placeOf } from "./readEvent.ts";
import { readText } from "./slackText.ts";

/** A slash command. Its response address writes where the app is no member, for half an hour. */
export function readCommand(body: CommandBody, botUser: string, clock: Pick<Clock, "now">): ChatEvent & { kind: "said" } {
  const { user_id: user, team_id: workspace, channel_id: room, channel_name: channel, trigger_id, response_url } = body;
  const place = placeOf(room, channel.startsWith("mpdm-") ? "mpim" : undefined);
  return {
    key: trigger_id,
    kind: "said",
    person: { workspace, user, name: user },
    place: response_url === undefined ? place : { ...place, service: { responseUrl: response_url } },
    text: readText(body.text, botUser),
    files: [],
    by: "command",
    opener: trigger_id,
    at: new Date(clock.now()).toISOString(),
  };
}

/** A button that was pressed, and whether it opens a form; undefined where it is none of ours. */
export function readAction(body: ActionBody): { pressed: ChatEvent & { kind: "pressed" }; opens: boolean } | undefined {
  const [action] = body.actions;
  const pressing: Pressing | undefined = action?.type === "button" ? readPressing(action.action_id, action.value) : undefined;
  const person = personOf(body);
  if (pressing === undefined || body.trigger_id === undefined || person === undefined) return undefined;
  const { card, verb, value, opens } = pressing;
  const { message_ts: ts, thread_ts, is_ephemeral: isEphemeral } = body.container;
  const message = ts !== undefined && isEphemeral === true ? onlyId(person.user, ts) : ts;
  // A home page has no room; by the person's own id one can be opened.
  const room = body.channel?.id ?? person.user;
  const place = placeOf(
    room,
    body.channel == null ? "im" : body.channel.name?.startsWith("mpdm-") ? "mpim" : undefined,
    body.message?.thread_ts ?? thread_ts,
  );
  return {
    pressed: {
      key: body.trigger_id,
      kind: "pressed",
      person,
      place,
      card,
      verb,
      opener: body.trigger_id,
      ...(value === undefined ? {} : { value }),
      ...(message === undefined ? {} : { message }),
    },
    opens: opens === true,
  };
}

/** What was filled in; undefined where it is no form of ours. A modal is submitted once, however often its button is pressed. */
export function readSubmission(body: SubmissionBody): (ChatEvent & { kind: "filled" }) | undefined {
  const card = cardOf(body.view);
  const person = personOf(body);
  if (card === undefined || person === undefined) return undefined;
  return { key: `view ${body.view.id}`, kind: "filled", person, card, values: valuesOf(body.view) };
}

/** The card of a form; whoever filled it in may have put anything there. */
export function cardOf({ callback_id, private_metadata }: View): string | undefined {
  return callback_id === formCallback && /^[\w-]{1,400}$/.test(private_metadata) ? private_metadata : undefined;
}

/** Whose interaction it is: by their own workspace, never by that of the channel. */
export function personOf({ user, team }: Pick<ActionBody, "user" | "team">): ChatPerson | undefined {
  const workspace = user.team_id ?? team?.id;
  return workspace === undefined ? undefined : { workspace, user: user.id, name: user.id };
}

/** By the inputs' names; what was left empty is absent. Instants are ISO 8601, UTC. */
export function valuesOf({ state }: View): Record<string, string> {
  const values: Record<string, string> = {};
  for (const actions of Object.values(state?.values ?? {}))
    for (const [name, given] of Object.entries(actions)) {
      const value = givenIn(given);
      if (value !== undefined && value !== "" && name !== "__proto__") values[name] = value;
    }
  return values;
}

function givenIn(given: Record<string, unknown>): string | undefined {
  switch (given["type"]) {
    case "static_select":
    case "external_select":
      return textIn(given["selected_option"], "value");
    case "checkboxes":
      return Array.isArray(given["selected_options"]) && given["selected_options"].length > 0 ? "true" : "false";
    case "datepicker":
      return textIn(given, "selected_date");
    case "datetimepicker": {
      const at = given["selected_date_time"];
      return typeof at === "number" && Math.abs(at) < 1e11 ? new Date(at * 1000).toISOString() : undefined;
    }
    case "users_select":
      return textIn(given, "selected_user");
    default:
      return textIn(given, "value");
  }
}

function textIn(value: unknown, name: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const inside: unknown = Reflect.get(value, name);
  return typeof inside === "string" ? inside : undefined;
}
