import { type ReadonlySignal, signal } from "@preact/signals";
import type { EntityView } from "../../src/protocol/blueprints.ts";
import { sentence } from "../commands/run.ts";
import { listEntities, type Question } from "./entities.ts";
import type { EntityNews, News } from "./entityNews.ts";

export interface EntityRow {
  entity: EntityView;
  /** It left the list since it was read, and keeps its place until the list is read anew. */
  gone: boolean;
}

const pageSize = 100;
/** As many as a filter's `in` takes. */
const mostAsked = 200;

/** The entities of a blueprint that fit a question, page by page, each as it is now. Nothing moves under the eye: what is new is counted, and shown when asked for. */
export class EntityRows {
  readonly #key: string;
  readonly #rows = signal<readonly EntityRow[]>([]);
  readonly #known = signal(false);
  readonly #more = signal(false);
  readonly #news = signal<ReadonlySet<string>>(new Set());
  readonly #wrong = signal<string | null>(null);
  readonly rows: ReadonlySignal<readonly EntityRow[]> = this.#rows;
  /** Whether the first page was read. */
  readonly known: ReadonlySignal<boolean> = this.#known;
  readonly more: ReadonlySignal<boolean> = this.#more;
  /** Ids of what came since and isn't shown. */
  readonly news: ReadonlySignal<ReadonlySet<string>> = this.#news;
  readonly wrong: ReadonlySignal<string | null> = this.#wrong;
  #question: Question = { filter: null, sort: [], trashed: false };
  #cursor: string | null = null;
  #asked = 0;
  #reading = false;
  readonly #stop: () => void;

  constructor(key: string, news: EntityNews) {
    this.#key = key;
    this.#stop = news.hear((told) => void this.#hear(told));
  }

  close(): void {
    this.#asked += 1;
    this.#stop();
  }

  /** Reads the list from its beginning; what is shown stays until it is there. */
  async ask(question: Question): Promise<void> {
    this.#question = question;
    this.#asked += 1;
    this.#reading = false;
    await this.#read(undefined);
  }

  async readAgain(): Promise<void> {
    await this.ask(this.#question);
  }

  async readMore(): Promise<void> {
    if (!this.#more.peek() || this.#reading || this.#cursor === null) return;
    await this.#read(this.#cursor);
  }

  /** As it is now, where it stands. */
  replace(entity: EntityView): void {
    this.#rows.value = this.#rows.peek().map((row) => (row.entity.id === entity.id ? { entity, gone: row.gone } : row));
  }

  /** What this person just made stands first, whatever the order. */
  add(entity: EntityView): void {
    if (this.#rows.peek().some((row) => row.entity.id === entity.id)) return;
    this.#rows.value = [{ entity, gone: false }, ...this.#rows.peek()];
    this.#forgetNews(new Set([entity.id]));
  }

  /** What this person just moved elsewhere. */
  remove(ids: ReadonlySet<string>): void {
    this.#rows.value = this.#rows.peek().filter(({ entity }) => !ids.has(entity.id));
  }

  /** Looks whether these are still what is shown; all that are there, where nobody says which. */
  async look(ids: Iterable<string> = this.#rows.peek().map(({ entity }) => entity.id)): Promise<void> {
    const wanted = [...ids];
    for (let from = 0; from < wanted.length; from += mostAsked) await this.#lookAt(wanted.slice(from, from + mostAsked));
  }

  async #hear(told: News): Promise<void> {
    if (!this.#known.peek()) return;
    await (told === "all" ? this.look() : this.look(told));
  }

  async #read(cursor: string | undefined): Promise<void> {
    const asked = this.#asked;
    this.#reading = true;
    try {
      const page = await listEntities(this.#key, this.#question, pageSize, cursor);
      if (asked !== this.#asked) return;
      const before = cursor === undefined ? [] : this.#rows.peek();
      const known = new Set(before.map(({ entity }) => entity.id));
      const added = page.items.filter(({ id }) => !known.has(id)).map((entity) => ({ entity, gone: false }));
      this.#rows.value = [...before, ...added];
      this.#cursor = page.nextCursor;
      this.#more.value = page.nextCursor !== null;
      if (cursor === undefined) this.#news.value = new Set();
      else this.#forgetNews(new Set(page.items.map(({ id }) => id)));
      this.#known.value = true;
      this.#wrong.value = null;
    } catch (error) {
      if (asked === this.#asked) this.#wrong.value = sentence(error);
    } finally {
      if (asked === this.#asked) this.#reading = false;
    }
  }

  async #lookAt(ids: readonly string[]): Promise<void> {
    const asked = this.#asked;
    const { filter, trashed } = this.#question;
    const those = { entityId: { in: ids } };
    const question: Question = { filter: filter === null ? those : { and: [filter, those] }, sort: [], trashed };
    // Whoever looks in vain looks again: at the next news, at the latest in half a minute.
    const page = await listEntities(this.#key, question, mostAsked).catch(() => null);
    if (page === null || asked !== this.#asked) return;
    const found = new Map(page.items.map((entity) => [entity.id, entity]));
    const looked = new Set(ids);
    const shown = new Set(this.#rows.peek().map(({ entity }) => entity.id));
    this.#rows.value = this.#rows.peek().map((row) => {
      if (!looked.has(row.entity.id)) return row;
      const entity = found.get(row.entity.id);
      if (entity === undefined) return row.gone ? row : { ...row, gone: true };
      // An answer that was under way while this person changed it is older than what is shown.
      return entity.version < row.entity.version || (entity.version === row.entity.version && !row.gone) ? row : { entity, gone: false };
    });
    const fresh = [...found.keys()].filter((id) => !shown.has(id));
    if (fresh.length > 0) this.#news.value = new Set([...this.#news.peek(), ...fresh]);
  }

  #forgetNews(ids: ReadonlySet<string>): void {
    this.#news.value = new Set([...this.#news.peek()].filter((id) => !ids.has(id)));
  }
}
