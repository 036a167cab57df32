import { z } from "zod";
import { storableJson } from "../../platform/database/storable.ts";
import { addTogether } from "../../platform/jobs/addTogether.ts";
import { announceJobs, type JobKind } from "../../platform/jobs/jobs.ts";
import type { Platform } from "../../platform/platform.ts";
import { say } from "../asking/performing.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure, type Installation } from "../chatService.ts";
import { homeOf } from "../home/homeOf.ts";
import { saveHeard } from "../installations/installationStore.ts";
import { learnLanguage } from "../people/learnLanguage.ts";
import { type Who, whoIs } from "../people/people.ts";
import { meetRoom } from "../rooms/rooms.ts";
import { changedThere } from "../threads/changedThere.ts";
import { whenFilled, whenPressed } from "./whenPressed.ts";
import { whenSaid } from "./whenSaid.ts";

const kind = "channel.event";

/**
 * Commits that something happened, once for its key, before it resolves: what follows is done by whoever does jobs. On connections that neither
 * jobs nor lists use, since a service waits for its answer for 3 s.
 */
export function hearEvents({ database, bus }: Pick<Platform, "database" | "bus">): (to: Installation, event: ChatEvent) => Promise<void> {
  const add = addTogether(database.ledger, kind);
  return async ({ id, tenant }, event) => {
    const data = JSON.parse(storableJson({ installation: id, event }));
    await add(tenant, { key: `${id} ${event.key}`.slice(0, 300), data });
    announceJobs({ bus }, kind);
  };
}

const shape = z.object({ installation: z.string(), event: z.custom<ChatEvent>((value) => typeof value === "object" && value !== null) });

/** Does what follows from events: each once, also where its process dies; those of one room one after the other, as this process came to them. */
export function chatEventJob(outside: () => ChatOutside): JobKind {
  const inOrder = createInOrder();
  return {
    kind,
    atOnce: 16,
    perTenant: 8,
    deadlineMs: 60_000,
    attempts: 8,
    retryAfterMs: (attempt) => Math.min(500 * 2 ** attempt, 60_000),
    afterLoss: "again",
    run: async ({ tenant, data }) => {
      const { installation: id, event } = shape.parse(data);
      const house = outside();
      const installation = await house.installations.byId(tenant, id);
      const room = "place" in event ? (event.place?.room ?? "") : "";
      if (installation !== undefined) await inOrder(`${id} ${room}`, () => follow(house, installation, event));
      return undefined;
    },
    gaveUp: async ({ tenant, data }) => {
      const { installation: id, event } = shape.parse(data);
      const house = outside();
      const installation = await house.installations.byId(tenant, id);
      if (installation !== undefined) await tellGivenUp(house, installation, event);
    },
  };
}

function createInOrder(): (room: string, act: () => Promise<void>) => Promise<void> {
  const last = new Map<string, Promise<void>>();
  return async (room, act) => {
    const before = last.get(room) ?? Promise.resolve();
    const mine = before.catch(() => {}).then(act);
    last.set(room, mine);
    try {
      await mine;
    } finally {
      if (last.get(room) === mine) last.delete(room);
    }
  };
}

async function follow(outside: ChatOutside, installation: Installation, event: ChatEvent): Promise<void> {
  const sql = outside.database.forTenant(installation.tenant);
  await saveHeard(sql, installation.id);
  await meetRoom(outside, installation, event);
  switch (event.kind) {
    case "said":
      return await asked(outside, await whoIs(outside, installation, event.person, event.place), (who) => whenSaid(outside, who, event));
    case "pressed":
      return await asked(outside, await whoIs(outside, installation, event.person, event.place), (who) => whenPressed(outside, who, event));
    case "filled":
      return await asked(outside, await whoIs(outside, installation, event.person, event.place), (who) => whenFilled(outside, who, event));
    case "met":
      await whoIs(outside, installation, event.person, event.place);
      return;
    case "left":
      return;
    case "lookedHome":
      return await showHome(outside, installation, event);
    case "removed":
      await outside.broke(installation, event.why);
      return;
    case "edited":
    case "deleted":
    case "reacted":
      return await changedThere(outside, installation, event);
  }
}

/** They are answered first; what the service tells of them counts from the next time. */
async function asked(outside: ChatOutside, who: Who, act: (who: Who) => Promise<void>): Promise<void> {
  await act(who);
  await learnLanguage(outside, who);
}

/** Whoever waits for an answer hears that none comes. */
async function tellGivenUp(outside: ChatOutside, installation: Installation, event: ChatEvent): Promise<void> {
  if (event.kind !== "said" && event.kind !== "pressed" && event.kind !== "filled") return;
  const who = await whoIs(outside, installation, event.person, event.place);
  const place = event.place ?? who.person.place;
  if (place === null) return;
  const text = "Something went wrong on our side, and what you asked for was perhaps not done. It was logged; please try again later.";
  await say(outside, who, { key: `${event.key} given up`, place, only: event.person.user, drawing: { text } });
}

async function showHome(
  outside: ChatOutside,
  installation: Installation,
  { person, place }: ChatEvent & { kind: "lookedHome" },
): Promise<void> {
  const service = outside.services.get(installation.app.service);
  if (service?.showHome === undefined) return;
  const home = await homeOf(outside, await whoIs(outside, installation, person, place));
  await service.showHome(installation, person.user, home).catch((error: unknown) => {
    // It is drawn anew the next time that they look.
    if (!(error instanceof ChatFailure)) throw error;
    outside.log.warn({ kind: error.kind, reason: error.message }, "a home page was not shown");
  });
}
