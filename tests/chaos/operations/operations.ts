export interface OperationToMake {
  name: string;
  kind: string;
  summary: string;
  [more: string]: unknown;
}

const marker = [{ name: "marker", type: "text", required: true }];

/** One of each kind; what each does outside carries the marker of its run. */
export function operationsOf(): OperationToMake[] {
  const query = (name: string, sql: string, more: object = {}) => ({
    name,
    kind: "query",
    summary: "Asks the shop.",
    query: { dataSource: "shop", sql, ...more },
  });
  const mail = { by: "mail", to: ["{{marker}}@example.com"], subject: "{{marker}}", text: "Hello." };
  const steps = [
    { name: "all", command: "everybody", args: {} },
    { command: "letter", each: "{{all.rows}}", args: { marker: "{{marker}}-{{row.id}}" } },
  ];
  return [
    query("everybody", "select id, name from person order by id"),
    query("slowly", "select count(*) as n from entry a join entry b on a.text < b.text"),
    query("everything", "select a.id, a.text from entry a cross join entry b"),
    { ...query("pay", "insert into payment (marker) values (:marker)", { writes: true }), parameters: marker },
    query("wide", "select id, repeat(text, 160) as text from entry"),
    { ...query("rename", "update person set name = name || :marker where id > 0", { writes: true }), parameters: marker },
    { name: "letter", kind: "message", summary: "Writes to somebody.", parameters: marker, message: mail },
    { name: "letters", kind: "sequence", summary: "Writes to everybody.", parameters: marker, sequence: { steps } },
  ];
}
