import type { Sql, TenantSql } from "../../platform/database/database.ts";
import type { ChatPlace } from "../chatEvent.ts";

/** A room in which the app is, as its service names it. */
export interface NewRoom {
  id: string;
  name: string;
  place: ChatPlace;
}

export interface RoomRow {
  id: string;
  installation: string;
  name: string;
  place: ChatPlace;
  /** The workspace's name and state. */
  workspace: string;
  state: string;
}

/** Remembers rooms, with the name and the place that they have now: an id stays. Unique (tenant_id, installation_id, room). */
export async function saveRooms(sql: Sql, installation: string, rooms: readonly NewRoom[]): Promise<void> {
  await sql.query(
    `insert into channel_room (tenant_id, id, installation_id, room, name, place)
     select $1, r.id, $2, r.place->>'room', r.name, r.place from jsonb_to_recordset($3::jsonb) as r(id uuid, name text, place jsonb)
     on conflict (tenant_id, installation_id, room) do update
       set name = case when excluded.name = '' then channel_room.name else excluded.name end, place = excluded.place
       where excluded.name not in ('', channel_room.name) or channel_room.place <> excluded.place`,
    [installation, JSON.stringify(rooms)],
  );
}

/** Forgets all but these. */
export async function keepRooms(sql: Sql, installation: string, rooms: readonly string[]): Promise<void> {
  await sql.query("delete from channel_room where tenant_id = $1 and installation_id = $2 and room <> all($3::text[])", [
    installation,
    rooms,
  ]);
}

export async function deleteRoom(sql: TenantSql, installation: string, room: string): Promise<void> {
  await sql.query("delete from channel_room where tenant_id = $1 and installation_id = $2 and room = $3", [installation, room]);
}

/** Those of a service's workspaces, by name. */
export async function listRooms(sql: Sql, channel: string): Promise<RoomRow[]> {
  return await sql.query<RoomRow & Record<string, unknown>>(
    `select r.id, r.installation_id as installation, case when r.name = '' then r.room else r.name end as name, r.place, i.name as workspace, i.state
       from channel_room r join channel_installation i on i.tenant_id = r.tenant_id and i.id = r.installation_id
      where r.tenant_id = $1 and i.channel = $2 and i.state <> 'gone' order by lower(r.name), r.id`,
    [channel],
  );
}
