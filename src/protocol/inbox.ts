/** What may be known of an inbox before anything is stored: no contact, no cookie, no socket. `GET /api/v1/inboxes/{key}/public`. */
export interface PublicInbox {
  name: string;
  /** In which the tenant wrote the greeting, as BCP 47 tags. */
  languages: string[];
  /** The one of the texts here, chosen by what the page asked for. */
  language: string;
  greeting: string;
  /** Whether a person could answer now: within the hours, and somebody is at the desk. */
  open: boolean;
  /** ISO 8601, UTC: when the hours begin again; null while they run, or where nobody knows. */
  opensAt: string | null;
  prechat: Prechat | null;
  proactive: ProactiveMessage[];
  /** `#rrggbb`, or null for the chat's own. */
  colour: string | null;
  /** The colour as text on it and beside it can be read (WCAG AA); null for the chat's own. */
  colours: ChatColours | null;
}

/** By theme, each `#rrggbb`. */
export interface ChatColours {
  light: { accent: string; onAccent: string };
  dark: { accent: string; onAccent: string };
}

/** What is asked before the first message. */
export interface Prechat {
  title: string;
  fields: PrechatField[];
  /** To choose from; empty where there is no choice. */
  teams: { key: string; name: string }[];
}

export const prechatTypes = ["text", "email", "phone", "number", "date", "checkbox"] as const;
export type PrechatType = (typeof prechatTypes)[number];

export interface PrechatField {
  /** Its name in `hello.prechat`. */
  name: string;
  label: string;
  type: PrechatType;
  required: boolean;
}

/** A bubble beside the launcher. */
export interface ProactiveMessage {
  /** The page's path, `*` for any characters: `/pricing*`. */
  pagePattern: string;
  /** After so many seconds on the page. */
  afterSeconds: number;
  text: string;
}

/** Why no person answers at the moment. A message may be left all the same. */
export interface Away {
  /** Outside the hours, or within them with nobody at the desk. */
  reason: "closed" | "nobody";
  /** ISO 8601, UTC: when the hours begin again. */
  until?: string;
  /** In the visitor's language. */
  text: string;
  /** Whether an address is known to which the answer can go. */
  mailKnown: boolean;
}

/** An inbox as `inbox.list` gives it in its data: `{inboxes: InboxView[]}`. */
export interface InboxView {
  id: string;
  /** Public: it stands in the page's script tag. */
  key: string;
  name: string;
  team: string;
  calendar: string | null;
  colour: string | null;
  origins: string[];
  /** What its visitors may run, besides what every visitor may. */
  commands: string[] | "all";
  prechat: { fields: Omit<PrechatField, "label">[]; teams: string[] } | null;
  texts: { key: string; language: string; text: string }[];
  proactive: { key: string; pagePattern: string; afterSeconds: number }[];
}
