import type { FileAddresses } from "../../files/fileAddresses.ts";
import { type Clock, every } from "../../platform/clock/clock.ts";
import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { type Picturing, withPictures } from "../charts/withPictures.ts";
import type { ChatPlace } from "../chatEvent.ts";
import { ChatFailure, type ChatService, type Installation } from "../chatService.ts";
import { saveHeld, saveSent } from "../installations/installationStore.ts";
import type { Installations } from "../installations/installations.ts";
import { tellTriedAgain } from "../messages/messageChannels.ts";
import { findPerson, findPersonOfCard, savePlace } from "../people/personStore.ts";
import { hangThread } from "../threads/threadStore.ts";
import { dueSubject } from "./errand.ts";
import { linkTo } from "./linkTo.ts";
import { type DueOut, endOut, messageOfCard, messagesOfSaid, postponeOut, saveSaid, takeDue } from "./outStore.ts";
import { sendFile } from "./sendFile.ts";

/** Longer than a service may take for one request. */
const leaseSeconds = 60;
const atOnce = 8;
/** With so many free it looks for more. */
const lookFrom = 2;
const lookEveryMs = 1000;
/** So often a fault of our own may be met, a lease apart, before what stands behind it in its place waits no longer. */
const mostFaults = 3;
const retrySeconds = [1, 3, 10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800];

export interface Errands extends Pick<Platform, "database" | "bus" | "log" | "files">, Picturing {
  clock: Clock;
  fileAddresses: FileAddresses;
  installations: Installations;
  services: ReadonlyMap<string, ChatService>;
  /** The service refuses the installation: whoever manages it is told. */
  broke(installation: Installation, why: string): Promise<void>;
  /** What was not, or perhaps not, written there; whoever waits for it must hear of it. Perhaps told twice. */
  missed(due: DueOut, why: string): Promise<void>;
}

/** Does what is written down, by any number of processes, in the order of each place. The answer stops it, after what is under way. */
export function startErrands(errands: Errands): () => Promise<void> {
  let under: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let nudge = () => {};
  const nudged = () =>
    new Promise<void>((resolve) => {
      nudge = resolve;
    });
  const failed = (error: unknown) => errands.log.warn({ error }, "what is to be written to channels could not be looked for");
  const look = (): Promise<void> => {
    again = under !== undefined;
    nudge();
    under ??= doAll(errands, nudged, () => stopped)
      .catch(failed)
      .finally(() => {
        under = undefined;
        if (again && !stopped) void look();
      });
    return under;
  };
  const hurry = () => void look();
  const endings = [every(errands.clock, lookEveryMs, async () => hurry(), failed), errands.bus.subscribe(dueSubject, hurry)];
  return async () => {
    stopped = true;
    for (const end of endings) end();
    await under;
  };
}

/** Takes more as soon as some are done, or something new is announced: one that hangs holds up its own place alone. */
async function doAll(errands: Errands, nudged: () => Promise<void>, stopped: () => boolean): Promise<void> {
  const rates = Object.fromEntries([...errands.services].map(([name, { perSecond }]) => [name, perSecond]));
  const under = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (;;) {
    const limit = stopped() || failures.length > 0 ? 0 : atOnce - under.size;
    const due = limit === 0 ? [] : await takeDue(errands.database.acrossTenants, { limit, leaseSeconds, rates });
    for (const one of due) {
      const doing: Promise<void> = doOne(errands, one)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => under.delete(doing));
      under.add(doing);
    }
    if (under.size === 0) break;
    // Where there is more than it took, one that is done isn't worth a look.
    if (under.size === atOnce) while (under.size > atOnce - lookFrom) await Promise.race(under);
    else await Promise.race([...under, nudged()]);
  }
  if (failures.length > 0) throw failures[0];
}

async function doOne(errands: Errands, due: DueOut): Promise<void> {
  const { database, installations, services, log } = errands;
  const sql = database.forTenant(due.tenant);
  // What is known of it may be 5 s old.
  const installation = due.isGone ? undefined : await installations.byId(due.tenant, due.installation);
  const service = installation && services.get(installation.app.service);
  if (installation === undefined || service === undefined)
    return await giveUp(errands, due, mayBe(due) ? "unknown" : "refused", "The workspace is not connected any more.");
  try {
    const place = await placeOf(sql, service, installation, due);
    const message = await perform(errands, service, installation, { ...due, what: { ...due.what, place } }, () => messagesOf(sql, due));
    if (message === undefined) return await giveUp(errands, due, "unknown", `It isn't known whether this arrived in ${installation.name}.`);
    await sql.transaction(async (tx) => {
      if (due.card !== null && due.what.do === "post" && message !== "") await hangThread(tx, due.card, message);
      if (due.conversation !== null && due.seq !== null && message !== "")
        await saveSaid(tx, {
          installation: due.installation,
          room: due.what.place.room,
          message,
          conversation: due.conversation,
          seq: due.seq,
        });
      await end(tx, due, { state: "sent", message: message === "" ? null : message, error: null });
    });
    await saveSent(sql, due.installation);
  } catch (error) {
    if (!(error instanceof ChatFailure)) {
      if (error instanceof Refusal || due.attempts < mostFaults) throw error;
      log.error({ err: error, out: due.id, attempts: due.attempts }, "what is to be written to a channel goes wrong each time");
      return await giveUp(errands, due, "unknown", "Something went wrong on our side; it was logged.");
    }
    log.warn(
      { out: due.id, attempts: due.attempts, kind: error.kind, reason: error.message },
      "a channel did not take what was to be written",
    );
    await failedWith(errands, due, installation, error);
  }
}

/** Which messages there it is about, the first one first: the others are its files. What people wrote there themselves nobody else changes. */
async function messagesOf(sql: TenantSql, { installation, card, conversation, seq, what }: DueOut): Promise<string[]> {
  if (card !== null) return [await messageOfCard(sql, card)].filter((one) => one !== undefined);
  if (conversation === null || seq === null) return [];
  const said = { installation, room: what.place.room, conversation, seq };
  return await messagesOfSaid(sql, said, what.do === "react" ? "everybody's" : "ours");
}

/** Where somebody is alone with us: known, or asked for now and kept. */
async function placeOf(
  sql: TenantSql,
  service: ChatService,
  installation: Installation,
  { what, card, person: whose }: DueOut,
): Promise<ChatPlace> {
  if (what.place.room !== "") return what.place;
  const ofCard = card === null ? undefined : await findPersonOfCard(sql, card);
  const person = whose === null ? ofCard : await findPerson(sql, whose);
  if (person === undefined) throw new ChatFailure("refused", "Nobody knows whom this was for.");
  const place = await service.placeOf(installation, person.user, person.place ?? undefined);
  await savePlace(sql, person.id, place);
  return place;
}

/** The message's id, empty where there is none to tell; undefined where nobody can know whether it was done. */
async function perform(
  errands: Errands,
  service: ChatService,
  installation: Installation,
  due: DueOut,
  messagesOf: () => Promise<string[]>,
): Promise<string | undefined> {
  const { tenant, id, what, maybeDone } = due;
  if (what.do === "file") return await sendFile(errands, service, installation, due, what);
  const to = { installation, place: what.place, ...("only" in what && what.only !== undefined ? { only: what.only } : {}) };
  if (what.do === "post") {
    if (maybeDone && what.only === undefined) {
      if (service.find === undefined) return undefined;
      const found = await service.find(to, id);
      if (found !== null) return found;
    }
    return await service.post(to, await withPictures(errands, { tenant, out: id }, what.drawing), id);
  }
  const [message, ...files] = await messagesOf();
  if (message === undefined) return "";
  if (what.do === "change") await service.change(to, message, await withPictures(errands, { tenant, out: id }, what.drawing));
  if (what.do === "remove") for (const one of [message, ...files]) await service.remove(to, one);
  if (what.do === "react") await service.react?.(to, message, what.emoji, what.on);
  return "";
}

async function failedWith(
  errands: Errands,
  due: DueOut,
  installation: Installation,
  { kind, message, retryAfterMs }: ChatFailure,
): Promise<void> {
  const sql = errands.database.forTenant(due.tenant);
  // What may have been done before stays so, whatever hinders this try.
  const mayBeDone = mayBe({ ...due, maybeDone: due.maybeDone || kind === "unknown" });
  if (kind === "held") {
    const waitMs = Math.max(retryAfterMs ?? 1000, 500);
    await saveHeld(sql, due.installation, new Date(errands.clock.now() + waitMs));
    return await postponeOut(sql, due, waitMs / 1000, mayBeDone ? "unknown" : "held", "held");
  }
  if (kind === "broken") {
    await errands.broke(installation, message);
    return await postponeOut(sql, due, 60, mayBeDone ? "unknown" : message, "tried");
  }
  const wait = retrySeconds[due.attempts - 1];
  if (kind === "refused") return await giveUp(errands, due, "refused", message);
  if (wait === undefined) return await giveUp(errands, due, mayBeDone || kind === "unknown" ? "unknown" : "refused", message);
  await postponeOut(sql, due, wait, mayBeDone ? "unknown" : message, "tried");
}

/** What was tried before and is a message may stand there. */
function mayBe({ maybeDone, what }: Pick<DueOut, "maybeDone" | "what">): boolean {
  return maybeDone && (what.do === "post" || what.do === "file");
}

async function giveUp(errands: Errands, due: DueOut, state: "unknown" | "refused", why: string): Promise<void> {
  const sql = errands.database.forTenant(due.tenant);
  // A file that isn't taken is linked instead.
  const isLinked = state === "refused" && !due.isGone && due.what.do === "file" && (await linkTo(errands, due, due.what));
  if (!isLinked) await errands.missed(due, why);
  await sql.transaction((tx) => end(tx, due, { state, message: null, error: why }));
}

/** Whoever lost the lease meanwhile tells nobody. */
async function end(tx: Sql, due: DueOut, how: Parameters<typeof endOut>[2]): Promise<void> {
  if ((await endOut(tx, due, how)) && due.isAgain) await tellTriedAgain(tx, due, how.state, how.error);
}
