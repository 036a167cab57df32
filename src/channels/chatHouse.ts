import type { OfferedChoice } from "../protocol/commands.ts";
import type { ChatEvent, ChatPerson } from "./chatEvent.ts";
import type { ChatApp, Installation, OutgoingFile } from "./chatService.ts";
import type { Drawing, Form } from "./drawing.ts";

/**
 * What a chat service's folder is given: functions, never the application. What is only told (`heard`) is written down and done later, by any
 * process; the others answer at once, since the service waits.
 */
export interface ChatHouse {
  /** The app of this id, with the secrets of this moment (kept for 5 s at most); undefined for one that isn't there. */
  app(service: string, id: string): Promise<ChatApp | undefined>;
  /** All apps of a service, with the secrets of this moment: some have connections of their own that are held open. */
  apps(service: string): Promise<readonly ChatApp[]>;
  /** Where this app is installed; undefined for a workspace that was not connected, or is no more. */
  installation(app: ChatApp, workspace: string): Promise<Installation | undefined>;
  /** Commits that something happened, once for each key: when it resolves, the service may have its 200. It is one statement. */
  heard(installation: Installation, event: ChatEvent): Promise<void>;
  /** What a press opens, where it is a form; refused or nothing to open: what to say instead. Changes nothing. */
  formOf(installation: Installation, pressed: ChatEvent & { kind: "pressed" }): Promise<{ form: Form } | { say: Drawing } | undefined>;
  /** Whether these values fit: by the inputs' names, why they don't. Where they do, `heard` has them done. */
  check(
    installation: Installation,
    person: ChatPerson,
    card: string,
    values: Readonly<Record<string, string>>,
  ): Promise<Record<string, string>>;
  /** What may be chosen for an input of a card's form, at most 50. */
  choices(
    installation: Installation,
    person: ChatPerson,
    asked: { card: string; input: string; typed: string; values: Readonly<Record<string, string>> },
  ): Promise<OfferedChoice[]>;
  /** Entities and commands that fit what was typed, for who looks for something to put into a message; at most 25. */
  search(installation: Installation, person: ChatPerson, typed: string): Promise<{ title: string; text: string; drawing: Drawing }[]>;
  /** Writes down that a file of the tenant's is offered to somebody in this room, for a day; the offer's id, which gives no right elsewhere. */
  offerFile(installation: Installation, room: string, file: string): Promise<string>;
  /** The file that was offered there, once, by any process; undefined where it was decided already, or is no more. */
  takeOffered(installation: Installation, room: string, offer: string): Promise<OutgoingFile | undefined>;
  /** A workspace was connected by an admin of the tenant, who comes back from the service with what it gave. */
  installed(app: ChatApp, got: { state: string; workspace: string; name: string; token: string; botUser: string }): Promise<void>;
  /** The address of a page of the desk. */
  deskPage(path: string): string;
}
