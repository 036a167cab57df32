import { v7 as newId } from "uuid";
import type { MessageRoom } from "../../protocol/messages.ts";
import type { ChatEvent } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import { ChatFailure, type Installation } from "../chatService.ts";
import { listInstallations } from "../installations/installationStore.ts";
import { deleteRoom, keepRooms, listRooms, saveRooms } from "./roomStore.ts";

/** The rooms of a service in which the app is; `asked`: as the service says now, where it can be asked. */
export async function roomsIn(outside: ChatOutside, tenant: string, channel: string, asked: boolean): Promise<MessageRoom[]> {
  const sql = outside.database.forTenant(tenant);
  if (asked)
    for (const { id, channel: of, state } of await listInstallations(sql))
      if (of === channel && state === "live") await askRooms(outside, tenant, id);
  return (await listRooms(sql, channel)).map(({ id, name, workspace }) => ({ id, name, workspace }));
}

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
