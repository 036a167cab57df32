import { get_dmmf } from "@prisma/prisma-schema-wasm";
import pg from "pg";
import { z } from "zod";

/** A table as both sides can tell it: lines, so that a difference reads by itself. */
export interface Shape {
  [table: string]: string[];
}

const fieldSchema = z.object({
  name: z.string(),
  dbName: z.string().nullish(),
  kind: z.enum(["scalar", "object"]),
  isList: z.boolean(),
  isRequired: z.boolean(),
  isUnique: z.boolean(),
  isId: z.boolean(),
  hasDefaultValue: z.boolean(),
  type: z.string(),
  nativeType: z.tuple([z.string(), z.array(z.string())]).nullish(),
  relationFromFields: z.array(z.string()).optional(),
  relationToFields: z.array(z.string()).optional(),
  relationOnDelete: z.string().optional(),
});
const modelSchema = z.object({
  name: z.string(),
  dbName: z.string(),
  fields: z.array(fieldSchema),
  primaryKey: z.object({ fields: z.array(z.string()) }).nullable(),
  uniqueFields: z.array(z.array(z.string())),
});
const documentSchema = z.object({ datamodel: z.object({ models: z.array(modelSchema) }) });
type Model = z.infer<typeof modelSchema>;
type Field = z.infer<typeof fieldSchema>;

/** What a schema.prisma says, read by Prisma's own parser, which needs no engine. */
export function shapeOfSchema(text: string): Shape {
  const { models } = documentSchema.parse(JSON.parse(get_dmmf(JSON.stringify({ prismaSchema: [["schema.prisma", text]] })))).datamodel;
  return Object.fromEntries(models.map((model) => [model.dbName, linesOfModel(model, models)]));
}

function linesOfModel(model: Model, models: Model[]): string[] {
  const columns = (names: string[], of = model) => names.map((name) => columnOf(of, name)).join(", ");
  const ids = model.primaryKey?.fields ?? model.fields.filter((field) => field.isId).map(({ name }) => name);
  const uniques = [...model.uniqueFields, ...model.fields.filter((field) => field.isUnique).map(({ name }) => [name])];
  const relations = model.fields.filter((field) => (field.relationFromFields ?? []).length > 0);
  return [
    ...model.fields.filter(({ kind }) => kind === "scalar").map((field) => columnLine(model, field)),
    `primary key (${columns(ids)})`,
    ...uniques.map((names) => `unique (${columns(names)})`),
    ...relations.map((field) => {
      const target = models.find(({ name }) => name === field.type);
      if (target === undefined) throw new Error(`no model ${field.type}`);
      const to = `${target.dbName} (${columns(field.relationToFields ?? [], target)})`;
      return `foreign key (${columns(field.relationFromFields ?? [])}) references ${to} on delete ${field.relationOnDelete}`;
    }),
  ].sort();
}

function columnOf(model: Model, name: string): string {
  const field = model.fields.find((candidate) => candidate.name === name);
  if (field === undefined) throw new Error(`no field ${model.name}.${name}`);
  return field.dbName ?? field.name;
}

const sqlTypes: Record<string, string> = {
  String: "text",
  "String Uuid": "uuid",
  "Int SmallInt": "smallint",
  "DateTime Date": "date",
  Int: "integer",
  BigInt: "bigint",
  Boolean: "boolean",
  "DateTime Timestamptz 6": "timestamp with time zone",
  Json: "jsonb",
  Bytes: "bytea",
};

function columnLine(model: Model, field: Field): string {
  const [native, sizes] = field.nativeType ?? [];
  const prismaType = [field.type, native, ...(sizes ?? [])].filter((part) => part !== undefined).join(" ");
  const type = sqlTypes[prismaType] ?? `no SQL type is known for ${prismaType}`;
  return line(columnOf(model, field.name), field.isList ? `${type}[]` : type, field.isRequired, field.hasDefaultValue);
}

function line(column: string, type: string, required: boolean, hasDefault: boolean): string {
  return `column ${column} ${type}${required ? " not null" : ""}${hasDefault ? " default" : ""}`;
}

/** What the database at `url` has, without the migration runner's own table. Types that Prisma doesn't know it doesn't tell either. */
export async function shapeOfDatabase(url: string): Promise<Shape> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const columns = await client.query<{ table: string; name: string; type: string; required: boolean; has_default: boolean }>(
      columnsOfTables,
    );
    const keys = await client.query<{ table: string; line: string }>(keysOfTables);
    const shape: Record<string, string[]> = {};
    for (const { table, name, type, required, has_default } of columns.rows) {
      shape[table] = [...(shape[table] ?? []), line(name, type, required, has_default)];
    }
    for (const row of keys.rows) shape[row.table]?.push(row.line);
    return Object.fromEntries(Object.entries(shape).map(([table, lines]) => [table, lines.sort()]));
  } finally {
    await client.end();
  }
}

const columnsOfTables = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required, a.atthasdef as has_default
  from pg_attribute a join pg_class c on c.oid = a.attrelid
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> 'schema_migration'
    and a.attnum > 0 and not a.attisdropped and a.atttypid <> 'tsvector'::regtype`;

const keysOfTables = `
  select c.relname as table,
    case k.contype when 'p' then 'primary key (' when 'u' then 'unique (' else 'foreign key (' end || names(k.conrelid, k.conkey) || ')' ||
    case when k.contype = 'f' then ' references ' || f.relname || ' (' || names(k.confrelid, k.confkey) || ') on delete ' ||
      case k.confdeltype when 'c' then 'Cascade' when 'n' then 'SetNull' when 'r' then 'Restrict' else 'NoAction' end
    else '' end as line
  from pg_constraint k join pg_class c on c.oid = k.conrelid left join pg_class f on f.oid = k.confrelid
  where c.relnamespace = 'public'::regnamespace and k.contype in ('p', 'u', 'f') and c.relname <> 'schema_migration'`.replaceAll(
  /names\((\S+), (\S+)\)/g,
  `(select string_agg(a.attname, ', ' order by p.at) from unnest($2) with ordinality p (number, at)
    join pg_attribute a on a.attrelid = $1 and a.attnum = p.number)`,
);
