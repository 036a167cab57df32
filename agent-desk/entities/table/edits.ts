import { type ReadonlySignal, signal } from "@preact/signals";
import type { EntityView, Field } from "../../../src/protocol/blueprints.ts";
import { ownValue } from "../../../src/protocol/ownValue.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { sentence } from "../../commands/run.ts";
import { changeEntity, readEntity, type Written } from "../entities.ts";
import type { EntityRows } from "../entityRows.ts";
import { isSameValue } from "../fields/valueWords.ts";

/** A cell that is written into, and what stood there when this person began. */
export interface OpenCell {
  id: string;
  key: string;
  written: Written;
  begun: Written;
  /** The entity's version of then. */
  seen: number;
}

export type CellState =
  | { state: "saving"; written: Written }
  /** `message` says why it was refused; null where somebody else was faster. */
  | { state: "failed"; written: Written; message: string | null };

/** What this person writes into cells: at once to be seen, then saved, or refused beside the cell. */
export class Edits {
  readonly #rows: EntityRows;
  readonly #open = signal<OpenCell | null>(null);
  readonly #cells = signal<ReadonlyMap<string, CellState>>(new Map());
  readonly open: ReadonlySignal<OpenCell | null> = this.#open;

  constructor(rows: EntityRows) {
    this.#rows = rows;
  }

  stateOf(id: string, key: string): CellState | undefined {
    return this.#cells.value.get(`${id} ${key}`);
  }

  /** What is being written there; undefined where nothing is. */
  writtenIn(id: string, key: string): Written | undefined {
    const open = this.#open.peek();
    return open?.id === id && open.key === key ? open.written : undefined;
  }

  /** What was refused is written on; `typed` stands there instead where somebody began to type. */
  begin(entity: EntityView, { key }: Field, typed?: Written): void {
    const before = this.#cells.peek().get(`${entity.id} ${key}`);
    const begun = ownValue(entity.values, key) ?? null;
    this.#open.value = { id: entity.id, key, written: typed ?? before?.written ?? begun, begun, seen: entity.version };
    this.#set(entity.id, key, undefined);
  }

  write(written: Written): void {
    const { value } = this.#open;
    if (value !== null) this.#open.value = { ...value, written };
  }

  cancel(): void {
    this.#open.value = null;
  }

  /** Closes the cell and saves it. */
  async commit(): Promise<void> {
    const open = this.#open.peek();
    if (open === null) return;
    this.#open.value = null;
    if (isSameValue(open.written, open.begun)) return;
    await this.#save(open);
  }

  /** What somebody else wrote is this person's to overwrite. */
  async keep(entity: EntityView, key: string): Promise<void> {
    const cell = this.#cells.peek().get(`${entity.id} ${key}`);
    if (cell === undefined) return;
    await this.#save({ id: entity.id, key, written: cell.written, begun: ownValue(entity.values, key) ?? null, seen: entity.version });
  }

  /** What stands there is shown again. */
  discard(id: string, key: string): void {
    this.#set(id, key, undefined);
  }

  async #save({ id, key, written, begun, seen }: OpenCell): Promise<void> {
    const entity = this.#rows.rows.peek().find((row) => row.entity.id === id)?.entity;
    if (entity === undefined) return;
    if (!isSameValue(begun, ownValue(entity.values, key))) return this.#set(id, key, { state: "failed", written, message: null });
    this.#set(id, key, { state: "saving", written });
    try {
      this.#rows.replace(await changeEntity(entity.blueprint, id, { [key]: written }, seen));
      this.#set(id, key, undefined);
    } catch (error) {
      const isStale = error instanceof Refusal && error.code === "stale";
      if (isStale)
        await readEntity(entity.blueprint, id).then(
          (now) => this.#rows.replace(now),
          () => {},
        );
      this.#set(id, key, { state: "failed", written, message: isStale ? null : sentence(error) });
    }
  }

  #set(id: string, key: string, state: CellState | undefined): void {
    const cells = new Map(this.#cells.peek());
    if (state === undefined) cells.delete(`${id} ${key}`);
    else cells.set(`${id} ${key}`, state);
    this.#cells.value = cells;
  }
}
