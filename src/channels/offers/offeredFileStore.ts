import type { Sql } from "../../platform/database/database.ts";

export interface Offer {
  id: string;
  installation: string;
  room: string;
  file: string;
}

export async function insertOffer(sql: Sql, { id, installation, room, file }: Offer): Promise<void> {
  await sql.query("insert into channel_offered_file (tenant_id, id, installation_id, room, file_id) values ($1, $2, $3, $4, $5)", [
    id,
    installation,
    room,
    file,
  ]);
}

/** Ends an offer that was made there, of at most so many hours ago, and answers its file: once. Index: the primary key. */
export async function endOffer(sql: Sql, { id, installation, room }: Omit<Offer, "file">, hours: number): Promise<string | undefined> {
  const rows = await sql.query<{ file: string }>(
    `delete from channel_offered_file where tenant_id = $1 and id = $2 and installation_id = $3 and room = $4
       and offered_at > now() - make_interval(hours => $5) returning file_id as file`,
    [id, installation, room, hours],
  );
  return rows[0]?.file;
}

/** Of all tenants. Index: channel_offered_file_age. */
export async function deleteOldOffers(sql: Sql, hours: number): Promise<void> {
  await sql.query("delete from channel_offered_file where offered_at < now() - make_interval(hours => $1)", [hours]);
}
