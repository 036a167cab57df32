import type { Command } from "../../commands/command.ts";
import type { Platform } from "../../platform/platform.ts";
import type { PrechatType } from "../../protocol/inbox.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** What a visitor is asked before the first message; the words are texts of the inbox. */
export interface PrechatSettings {
  fields: { name: string; type: PrechatType; required: boolean }[];
  /** Keys of teams to choose from. */
  teams: string[];
}

/** A place where conversations begin, as far as a door needs it. */
export interface Inbox {
  tenant: string;
  id: string;
  publicKey: string;
  name: string;
  team: string;
  /** Origins of the pages that may open this chat, each exactly as a browser says it. */
  origins: readonly string[];
  /** The tenant's: what is said where a reader's own is missing. */
  language: string;
  /** The key of its hours; without one its team's count. */
  calendar: string | null;
  /** `#rrggbb`. */
  colour: string | null;
  prechat: PrechatSettings | null;
  /** Counts the changes of the secret with which its site signs who its visitors are. */
  identityEpoch: number;
  identityRotatedAt: Date | null;
  /** Whether its visitors may run this command. */
  publishes(command: Command): boolean;
}

/** Looks inboxes up; what it knows is at most 5 s old. */
export interface InboxDirectory {
  byKey(publicKey: string): Promise<Inbox | undefined>;
  byId(tenant: string, id: string): Promise<Inbox>;
  /** Whether there is such an inbox, and its tenant is not active. */
  isClosed(publicKey: string): Promise<boolean>;
  /** Whether any inbox lists this origin: all that can be told before the page says which inbox it wants. */
  allowsOrigin(origin: string): Promise<boolean>;
}

const freshMs = 5000;
/** A key that isn't known may be one that was made in this moment; whoever tries keys makes us look no oftener than that. */
const lookAgainMs = 1000;

export function createInboxDirectory({ database, clock }: Pick<Platform, "database" | "clock">): InboxDirectory {
  let loaded: Promise<Loaded> | undefined;
  let loadedAt = Number.NEGATIVE_INFINITY;
  const inboxes = (mostMs = freshMs) => {
    if (loaded === undefined || clock.monotonic() - loadedAt > mostMs) {
      loadedAt = clock.monotonic();
      const loading = load(database);
      loading.catch(() => {
        if (loaded === loading) loaded = undefined;
      });
      loaded = loading;
    }
    return loaded;
  };
  return {
    byKey: async (publicKey) => {
      const known = ({ open }: Loaded) => open.find((inbox) => inbox.publicKey === publicKey);
      return known(await inboxes()) ?? known(await inboxes(lookAgainMs));
    },
    isClosed: async (publicKey) => (await inboxes()).closed.some((inbox) => inbox.publicKey === publicKey),
    byId: async (tenant, id) => {
      const inbox = (await inboxes()).open.find((candidate) => candidate.tenant === tenant && candidate.id === id);
      if (inbox === undefined) throw new Refusal("not_found", "This inbox does not exist any more.");
      return inbox;
    },
    allowsOrigin: async (origin) => {
      const { open, closed } = await inboxes();
      return [...open, ...closed].some((inbox) => inbox.origins.includes(origin));
    },
  };
}

interface Loaded {
  open: Inbox[];
  /** Of tenants that are not active: their pages are told so. */
  closed: Inbox[];
}

async function load({ acrossTenants }: Pick<Platform["database"], "acrossTenants">): Promise<Loaded> {
  const rows = await acrossTenants.query<InboxRow>(
    `select i.tenant_id, i.id, i.public_key, i.name, i.team, i.origins, i.publishes_all, i.commands, i.calendar, i.colour, i.prechat, i.identity_epoch, i.identity_rotated_at, t.language, t.active as tenant_active
       from inbox i join tenant t on t.id = i.tenant_id where i.active`,
  );
  return {
    open: rows.filter((row) => row.tenant_active).map(inboxOf),
    closed: rows.filter((row) => !row.tenant_active).map(inboxOf),
  };
}

function inboxOf(row: InboxRow): Inbox {
  return {
    tenant: row.tenant_id,
    id: row.id,
    publicKey: row.public_key,
    name: row.name,
    team: row.team,
    origins: row.origins,
    language: row.language,
    calendar: row.calendar,
    colour: row.colour,
    prechat: row.prechat,
    identityEpoch: row.identity_epoch,
    identityRotatedAt: row.identity_rotated_at,
    publishes: (command) =>
      command.audience === "visitor" && (row.publishes_all || row.commands.includes(command.name) || alwaysPublished.has(command.name)),
  };
}

/** What a visitor can always do: see what there is, ask for a person, and have their answers and their conversation mailed. */
const alwaysPublished = new Set(["help", "person", "leave", "email", "transcript"]);

interface InboxRow {
  tenant_id: string;
  id: string;
  public_key: string;
  name: string;
  team: string;
  origins: string[];
  publishes_all: boolean;
  commands: string[];
  calendar: string | null;
  colour: string | null;
  prechat: PrechatSettings | null;
  language: string;
  tenant_active: boolean;
  identity_epoch: number;
  identity_rotated_at: Date | null;
}
