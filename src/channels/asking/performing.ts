import { createHash } from "node:crypto";
import { v5 as idOf } from "uuid";
import type { Sql } from "../../platform/database/database.ts";
import { type CardData, insertCard } from "../cards/cardStore.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Drawing } from "../drawing.ts";
import { addErrand, announceErrands } from "../outbox/errand.ts";
import type { Who } from "../people/people.ts";

const namespace = "6f1d8a86-4f43-4f6c-9f6f-5d9b6f0c2a17";

/** The id of a card that an event causes: the same event once more is the same card. */
export function cardOf(installation: string, key: string): string {
  return idOf(`${installation} ${key}`, namespace);
}

export interface Said {
  /** Of its cause. */
  key: string;
  place: ChatPlace;
  /** Only they see it. */
  only?: string;
  drawing: Drawing;
  /** What its card is about. */
  about?: { data: CardData; run?: string; drawn?: string };
}

/** Writes down what is to be said, and the card that it has: once for its key. */
export async function say(
  outside: Pick<ChatOutside, "database" | "bus">,
  who: Pick<Who, "installation"> & { person: { id: string } | undefined },
  said: Said,
): Promise<void> {
  const { installation, person } = who;
  await outside.database.forTenant(installation.tenant).transaction((tx) => write(tx, installation.id, person?.id ?? null, said));
  announceErrands(outside);
}

async function write(tx: Sql, installation: string, person: string | null, { key, place, only, drawing, about }: Said): Promise<void> {
  const card = drawing.card?.id;
  if (card !== undefined && about !== undefined)
    await insertCard(tx, {
      id: card,
      installation,
      person,
      data: about.data,
      run: about.run ?? null,
      place,
      only: only ?? null,
      drawn: about.drawn ?? null,
    });
  await addErrand(tx, {
    installation,
    key,
    what: { do: "post", place, drawing, ...(only === undefined ? {} : { only }) },
    ...(card === undefined ? {} : { card }),
    ...(place.room !== "" || person === null ? {} : { person }),
  });
}

/** By which a drawing of a run is told from another. Its first word is the run's state (`listBehind`). */
export function markOf(state: string, drawing: Drawing): string {
  return `${state} ${createHash("sha256").update(JSON.stringify(drawing)).digest("base64url").slice(0, 16)}`;
}
