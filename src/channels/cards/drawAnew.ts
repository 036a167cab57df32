import type { AccountPrincipal } from "../../access/principal.ts";
import { storyOf } from "../../commands/runs/readRuns.ts";
import { type RunNotice, runsSubject } from "../../commands/runs/runOutside.ts";
import { type Clock, every } from "../../platform/clock/clock.ts";
import type { RunStory } from "../../protocol/commands.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { deskPage } from "../asking/askCommand.ts";
import { runDrawing } from "../asking/drawn.ts";
import { cardOf, markOf, say } from "../asking/performing.ts";
import { aloneWithThem } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Drawing } from "../drawing.ts";
import { hearTenants } from "../hearTenants.ts";
import { addErrand, announceErrands } from "../outbox/errand.ts";
import { principalOf } from "../people/people.ts";
import { findPerson, listPeopleOf } from "../people/personStore.ts";
import { type CardRow, changeCard, listBehind, listCardsOf, saveDrawn } from "./cardStore.ts";

const lookEveryMs = 3000;
/** Progress is drawn no oftener: services allow about one change a second. */
const settled = new Set(["succeeded", "failed", "refused", "cancelled", "uncertain"]);

/** Draws the cards of runs anew as these go on, for everybody who has one. The answer stops it. */
export function startDrawing(outside: ChatOutside & { clock: Clock }): () => void {
  const { database, clock, log } = outside;
  const failed = (error: unknown) => log.warn({ error }, "cards of runs could not be drawn anew, it is tried again");
  const look = async () => {
    for (const { tenant, run } of await listBehind(database.acrossTenants, 200)) await drawRuns(outside, tenant, run);
  };
  const hear = (tenant: string, data: unknown) => {
    if (typeof data === "object" && data !== null && "run" in data && typeof data.run === "string")
      drawRuns(outside, tenant, data.run).catch(failed);
  };
  const stops = [every(clock, lookEveryMs, look, failed), hearTenants(outside, runsSubject, hear, failed)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** A decided card changes for all who have it. */
export async function drawRuns(outside: ChatOutside, tenant: string, run: string): Promise<void> {
  const cards = await listCardsOf(outside.database.forTenant(tenant), run);
  const taken = new Set<string>();
  for (const card of cards) {
    const undoes = await drawRun(outside, tenant, card, run);
    if (undoes !== null) taken.add(undoes);
  }
  // What is taken back says so too.
  for (const undone of taken)
    for (const card of await listCardsOf(outside.database.forTenant(tenant), undone)) await drawRun(outside, tenant, card, undone);
  if (cards.length > 0) announceErrands(outside);
}

async function drawRun(outside: ChatOutside, tenant: string, card: CardRow, run: string): Promise<string | null> {
  const { database, installations } = outside;
  const sql = database.forTenant(tenant);
  const installation = await installations.byId(tenant, card.installation);
  const person = card.person === null ? undefined : await findPerson(sql, card.person);
  const principal = installation && person && (await principalOf(outside, installation, person));
  if (principal === undefined || card.place === null) return null;
  const story = await storyIfTheirs(outside, principal, run);
  if (story === undefined) return null;
  const drawing = runDrawing(card.id, story, principal.account, (path) => deskPage(outside, path));
  const mark = markOf(story.state, drawing);
  const { place, only } = card;
  // What one alone sees can't be drawn anew: its end is said once more.
  if (only !== null && !settled.has(story.state)) return null;
  await sql.transaction(async (tx) => {
    if (!(await saveDrawn(tx, card.id, card.drawn, mark))) return;
    const key = `card:${card.id}:${mark}:${card.drawn ?? ""}`;
    if (only === null) await addErrand(tx, { installation: card.installation, key, what: { do: "change", place, drawing }, card: card.id });
    else await addErrand(tx, { installation: card.installation, key, what: { do: "post", place, only, drawing }, card: card.id });
  });
  return story.state === "succeeded" ? story.undoes : null;
}

/** Undefined where they may not see it, or it is gone. */
async function storyIfTheirs(outside: ChatOutside, principal: AccountPrincipal, run: string): Promise<RunStory | undefined> {
  return await storyOf(outside, principal, run).catch((error: unknown) => {
    if (error instanceof Refusal && error.code === "not_found") return undefined;
    throw error;
  });
}

/** Nothing can be done with it any more; it says why. */
export async function closeCard(
  outside: Pick<ChatOutside, "database" | "bus">,
  tenant: string,
  card: CardRow,
  key: string,
  text: string,
): Promise<void> {
  const { place, only, id, installation } = card;
  if (place === null) return;
  const drawing: Drawing = { text, card: { id, buttons: [] } };
  await outside.database.forTenant(tenant).transaction(async (tx) => {
    await changeCard(tx, id, { data: { kind: "closed" }, run: null, drawn: null });
    if (only === null) await addErrand(tx, { installation, key: `closed:${id}:${key}`, what: { do: "change", place, drawing }, card: id });
  });
  announceErrands(outside);
}

/** Whoever may decide and is linked is asked where they are, alone. */
export async function tellOfRunThere(outside: ChatOutside, tenant: string, notice: RunNotice): Promise<void> {
  if (notice.kind !== "approval") return;
  for (const person of await listPeopleOf(outside.database.forTenant(tenant), notice.accounts)) {
    const installation = await outside.installations.byId(tenant, person.installation);
    const principal = installation && (await principalOf(outside, installation, person));
    if (installation === undefined || principal === undefined) continue;
    const key = `approval ${notice.run} ${person.id}`;
    const card = cardOf(installation.id, key);
    const story = await storyIfTheirs(outside, principal, notice.run);
    if (story === undefined) continue;
    const drawing = runDrawing(card, story, principal.account, (path) => deskPage(outside, path));
    await say(
      outside,
      { installation, person },
      {
        key,
        place: person.place ?? aloneWithThem,
        drawing,
        about: { data: { kind: "approval" }, run: notice.run, drawn: markOf(story.state, drawing) },
      },
    );
  }
}
