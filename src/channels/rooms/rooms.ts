import { v7 as newId } from "uuid";
import type { MessageRoom } from "../../protocol/messages.ts";
import { Refusal } from "../../protocol/refusal.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure, type Installation } from "../chatService.ts";
import { type InstallationRow, listInstallations } from "../installations/installationStore.ts";
import { deleteRoom, keepRooms, listRooms, type RoomRow, saveRooms } from "./roomStore.ts";

/** The rooms of a service in which the app is; `asked`: as the service says now, where it can be asked. */
export async function roomsIn(outside: ChatOutside, tenant: string, channel: string, asked: boolean): Promise<MessageRoom[]> {
  const sql = outside.database.forTenant(tenant);
  if (asked)
    for (const { id, channel: of, state } of await listInstallations(sql))
      if (of === channel && state === "live") await askRooms(outside, tenant, id);
  return (await listRooms(sql, channel)).map(({ id, name, workspace }) => ({ id, name, workspace }));
}

/** A workspace's room that is called so, by its name or id. Refusal `invalid_value` (`args.room`) with those that there are. */
export async function roomNamed(outside: ChatOutside, { id, tenant, channel }: InstallationRow, wanted: string): Promise<RoomRow> {
  await askRooms(outside, tenant, id);
  const rooms = await listRoomsOf(outside, { id, tenant, channel });
  const called = wanted.trim().replace(/^#/, "").toLowerCase();
  const found = rooms.filter((room) => [room.id, room.name, room.place.room].some((one) => one.toLowerCase() === called));
  const [one] = found;
  if (one !== undefined && found.length === 1) return one;
  const known = rooms.map(({ name, id: of }) => (found.length > 1 ? `#${name} (${of})` : `#${name}`)).slice(0, mostNamed);
  const there = known.length === 0 ? "It is in none yet." : `It is in ${known.join(", ")}${rooms.length > mostNamed ? " and others" : ""}.`;
  const why =
    found.length > 1
      ? "More than one room is called so: say its id."
      : "The app is in no room that is called so: invite it there, and mention it once.";
  throw new Refusal("invalid_value", `${why} ${there}`, { path: "args.room" });
}

/** Those of a workspace that are known; where none is, its service is asked. */
export async function knownRooms(outside: ChatOutside, { id, tenant, channel }: InstallationRow): Promise<RoomRow[]> {
  const known = await listRoomsOf(outside, { id, tenant, channel });
  if (known.length > 0) return known;
  await askRooms(outside, tenant, id);
  return await listRoomsOf(outside, { id, tenant, channel });
}

async function listRoomsOf(
  { database }: Pick<ChatOutside, "database">,
  { id, tenant, channel }: Pick<InstallationRow, "id" | "tenant" | "channel">,
): Promise<RoomRow[]> {
  return (await listRooms(database.forTenant(tenant), channel)).filter(({ installation }) => installation === id);
}

const mostNamed = 20;

/** What is known stays where the service can't be asked. */
async function askRooms(outside: ChatOutside, tenant: string, id: string): Promise<void> {
  const installation = await outside.installations.byId(tenant, id);
  const service = installation && outside.services.get(installation.app.service);
  if (installation === undefined || service?.rooms === undefined) return;
  try {
    const found = await service.rooms(installation);
    await outside.database.forTenant(tenant).transaction(async (tx) => {
      await saveRooms(
        tx,
        id,
        found.map((room) => ({ id: newId(), ...room })),
      );
      await keepRooms(
        tx,
        id,
        found.map(({ place }) => place.room),
      );
    });
  } catch (error) {
    if (!(error instanceof ChatFailure)) throw error;
    outside.log.warn({ installation: id, kind: error.kind, reason: error.message }, "a service's rooms could not be listed");
  }
}

/** The app was met in a room: its address is kept, for what is written there by itself. */
export async function meetRoom({ database }: Pick<ChatOutside, "database">, { id, tenant }: Installation, event: ChatEvent): Promise<void> {
  const sql = database.forTenant(tenant);
  if (event.kind === "left") return await deleteRoom(sql, id, event.place.room);
  if ((event.kind !== "met" && event.kind !== "said") || event.place.scope === "personal") return;
  const { thread: _, ...place } = event.place;
  await saveRooms(sql, id, [{ id: newId(), name: event.room ?? "", place }]);
}
