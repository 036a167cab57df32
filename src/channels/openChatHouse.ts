import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type Asker, deskPage } from "./asking/askCommand.ts";
import { choicesFor } from "./asking/choices.ts";
import { refusalDrawing } from "./asking/drawn.ts";
import { commandAsked, formOf, problemsOf, readFormName } from "./asking/forms.ts";
import { searchEverything } from "./asking/searchThere.ts";
import type { ChatEvent } from "./chatEvent.ts";
import type { ChatHouse } from "./chatHouse.ts";
import type { ChatOutside } from "./chatOutside.ts";
import { hearEvents } from "./events/chatEvents.ts";
import { cardFor } from "./events/whenPressed.ts";
import { missingOf } from "./installations/appSecrets.ts";
import { connectFor } from "./installations/connect.ts";
import { listAppsOf } from "./installations/installationStore.ts";
import { type Opening, openApp } from "./installations/installations.ts";
import { offerFile, takeOffered } from "./offers/offeredFiles.ts";
import { type Who, whoIs } from "./people/people.ts";
import { stepUpHere } from "./people/stepUpHere.ts";

/** What chat services' folders are given. `outside` is asked when something happens, since the services are part of it. */
export function openChatHouse(opening: Opening & Pick<Platform, "bus">, outside: () => ChatOutside): ChatHouse {
  const hear = hearEvents(opening);
  const asker = async (who: Who): Promise<Asker> => {
    const { principal } = who;
    if (principal === undefined) throw new Refusal("unauthenticated", 'You are not linked to an account; write "link" to me alone.');
    return { ...who, principal };
  };
  return {
    apps: async (service) =>
      (await listAppsOf(opening.database.acrossTenants, service))
        .map((row) => openApp(opening.keys, row))
        .filter((app) => missingOf(app).length === 0),
    app: (service, id) => outside().installations.app(service, id),
    installation: (app, workspace) => outside().installations.of(app, workspace),
    heard: (installation, event) => hear(installation, withoutCode(event)),
    formOf: async (installation, { person, place, card, verb, value, message }) => {
      try {
        const who = await whoIs(outside(), installation, person, place);
        const row = await cardFor(outside(), who, { id: card, message, room: place.room });
        const form = await formOf(outside(), await asker(who), row, verb, value);
        return form && { form };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return { say: refusalDrawing(error) };
      }
    },
    check: async (installation, person, name, values) => {
      const form = readFormName(name);
      if (form === undefined) return {};
      try {
        const who = await whoIs(outside(), installation, person);
        const row = await cardFor(outside(), who, { id: form.card, message: undefined, room: undefined });
        if (form.verb === "prove") {
          await stepUpHere(outside(), who, values["code"] ?? "");
          return {};
        }
        const asked =
          form.verb === "fill" || form.verb === "open" ? await commandAsked(outside(), await asker(who), row, form.value) : undefined;
        return asked === undefined ? {} : problemsOf(asked.command, values);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const [first = form.verb === "prove" ? "code" : "reason"] = Object.keys(values);
        return { [first]: error.message };
      }
    },
    choices: async (installation, person, asked) => {
      const form = readFormName(asked.card);
      if (form === undefined) return [];
      const who = await whoIs(outside(), installation, person);
      const row = await cardFor(outside(), who, { id: form.card, message: undefined, room: undefined });
      return await choicesFor(outside(), await asker(who), row, form.value, asked);
    },
    search: async (installation, person, typed) => {
      const { principal } = await whoIs(outside(), installation, person);
      return principal === undefined ? [] : await searchEverything(outside(), principal, typed);
    },
    offerFile: (installation, room, file) => offerFile(outside(), installation, room, file),
    takeOffered: (installation, room, offer) => takeOffered(outside(), installation, room, offer),
    installed: (app, got) => connectFor(opening, app, got),
    deskPage: (path) => deskPage(outside(), path),
  };
}

/** A code of somebody's second factor was used when the values were checked, and is written down nowhere. */
function withoutCode(event: ChatEvent): ChatEvent {
  return event.kind === "filled" && readFormName(event.card)?.verb === "prove" ? { ...event, values: {} } : event;
}
