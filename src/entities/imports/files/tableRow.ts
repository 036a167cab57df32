/** A row of a file as spreadsheets count them, from 1; its cells as texts. */
export interface TableRow {
  number: number;
  cells: string[];
}

const batchRows = 1000;
const batchCharacters = 4 * 1024 * 1024;

/** Rows some at a time, without the first `skip`. */
export async function* inBatches(rows: AsyncIterable<TableRow>, skip: number): AsyncGenerator<TableRow[], void> {
  let batch: TableRow[] = [];
  let [behind, characters] = [0, 0];
  for await (const row of rows) {
    if (behind++ < skip) continue;
    batch.push(row);
    for (const cell of row.cells) characters += cell.length + 1;
    if (batch.length < batchRows && characters < batchCharacters) continue;
    yield batch;
    [batch, characters] = [[], 0];
  }
  if (batch.length > 0) yield batch;
}

/** Reads the next batch while something is done with the one before. */
export async function* oneAhead<Batch>(batches: AsyncGenerator<Batch, void>): AsyncGenerator<Batch> {
  try {
    for (let coming = batches.next(); ; ) {
      const { done, value } = await coming;
      if (done === true) return;
      coming = batches.next();
      // It is heard when it is waited for.
      coming.catch(() => {});
      yield value;
    }
  } finally {
    await batches.return();
  }
}

export function isBlank({ cells }: TableRow): boolean {
  return cells.every((cell) => cell.trim() === "");
}
