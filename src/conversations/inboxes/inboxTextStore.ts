import type { TenantSql } from "../../platform/database/database.ts";

export interface StoredText {
  key: string;
  language: string;
  text: string;
}

export interface ProactiveRule {
  key: string;
  pagePattern: string;
  afterSeconds: number;
}

/** Index: the primary key. */
export async function listInboxTexts(sql: TenantSql, inbox: string): Promise<StoredText[]> {
  return await sql.query<StoredText>(
    "select key, language, text from inbox_text where tenant_id = $1 and inbox_id = $2 order by key, language",
    [inbox],
    "listInboxTexts",
  );
}

/** An empty text is none. False where there was nothing to take away. */
export async function saveInboxText(sql: TenantSql, inbox: string, { key, language, text }: StoredText): Promise<boolean> {
  if (text === "") {
    const gone = await sql.query(
      "delete from inbox_text where tenant_id = $1 and inbox_id = $2 and key = $3 and language = $4 returning key",
      [inbox, key, language],
    );
    return gone.length > 0;
  }
  await sql.query(
    `insert into inbox_text (tenant_id, inbox_id, key, language, text) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, inbox_id, key, language) do update set text = excluded.text, updated_at = now()`,
    [inbox, key, language, text],
  );
  return true;
}

/** Index: the primary key. In the order in which they were made: of two for a page, the first is shown. */
export async function listProactive(sql: TenantSql, inbox: string): Promise<ProactiveRule[]> {
  return await sql.query<ProactiveRule>(
    `select key, page_pattern as "pagePattern", after_seconds as "afterSeconds"
     from inbox_proactive where tenant_id = $1 and inbox_id = $2 order by created_at, key`,
    [inbox],
    "listProactive",
  );
}

export async function saveProactive(sql: TenantSql, inbox: string, rule: ProactiveRule): Promise<void> {
  await sql.query(
    `insert into inbox_proactive (tenant_id, inbox_id, key, page_pattern, after_seconds) values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, inbox_id, key) do update set page_pattern = excluded.page_pattern, after_seconds = excluded.after_seconds`,
    [inbox, rule.key, rule.pagePattern, rule.afterSeconds],
  );
}

/** The names of the tenant's active teams, by key. */
export async function listTeamNames(sql: TenantSql): Promise<Map<string, string>> {
  const rows = await sql.query<{ key: string; name: string }>("select key, name from team where tenant_id = $1 and active");
  return new Map(rows.map(({ key, name }) => [key, name]));
}

/** The rule and its texts. False where there is none of this key. */
export async function deleteProactive(sql: TenantSql, inbox: string, key: string): Promise<boolean> {
  const rows = await sql.query(
    `with texts as (delete from inbox_text where tenant_id = $1 and inbox_id = $2 and key = 'proactive.' || $3)
     delete from inbox_proactive where tenant_id = $1 and inbox_id = $2 and key = $3 returning key`,
    [inbox, key],
  );
  return rows.length > 0;
}
