import type { Sql, TenantSql } from "../platform/database/database.ts";
import type { FieldItem, FieldSubject, FieldType } from "../protocol/aids.ts";

export const mostFields = 50;

interface FieldRow {
  subject: FieldSubject;
  key: string;
  name: string;
  type: FieldType;
  choices: string[];
}

/** The tenant's own fields, in the order in which they were made. Index: the primary key. */
export async function listFields(sql: Pick<TenantSql, "query">): Promise<FieldItem[]> {
  const rows = await sql.query<FieldRow>(
    "select subject, key, name, type, choices from custom_field where tenant_id = $1 order by subject, created_at, key",
    [],
    "listFields",
  );
  return rows.map((row) => ({ kind: "field", id: `${row.subject}.${row.key}`, ...row }));
}

/** False where there are too many of this subject. Throws 23505 where there is one of this key. */
export async function insertField(sql: Sql, field: FieldRow): Promise<boolean> {
  const rows = await sql.query(
    `insert into custom_field (tenant_id, subject, key, name, type, choices)
     select $1, $2, $3, $4, $5, $6 where (select count(*) from custom_field where tenant_id = $1 and subject = $2) < ${mostFields}
     returning key`,
    [field.subject, field.key, field.name, field.type, field.choices],
  );
  return rows.length > 0;
}

export async function updateField(sql: Sql, { subject, key, name, choices }: Omit<FieldRow, "type">): Promise<void> {
  await sql.query("update custom_field set name = $4, choices = $5 where tenant_id = $1 and subject = $2 and key = $3", [
    subject,
    key,
    name,
    choices,
  ]);
}

export async function deleteField(sql: Sql, subject: FieldSubject, key: string): Promise<void> {
  await sql.query("delete from custom_field where tenant_id = $1 and subject = $2 and key = $3", [subject, key]);
}
