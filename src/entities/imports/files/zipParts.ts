import { Readable } from "node:stream";
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from "yauzl";
import { Refusal } from "../../../protocol/refusal.ts";
import { refused } from "../../sentences/imports/sentences.ts";

/** Where bytes are read from, by their places. */
export interface ByteSource {
  size: number;
  read(start: number, end: number): AsyncIterable<Uint8Array>;
}

export interface ZipParts {
  has(name: string): boolean;
  /** The bytes of a part. Refusals: `invalid_value` where it isn't there or is broken, `payload_too_large`. */
  open(name: string): Promise<Readable>;
  close(): void;
}

/** A megabyte of these unpacks to a gigabyte: what is larger is no table that somebody typed. */
const largestPart = 2 * 1024 ** 3;
const mostParts = 10_000;

/** The parts of a ZIP archive, of which the list alone is read. Refusal `invalid_value`. */
export async function openZip(source: ByteSource): Promise<ZipParts> {
  const zip = await new Promise<ZipFile>((resolve, reject) => {
    fromRandomAccessReader(new Ranges(source), source.size, { lazyEntries: true, autoClose: false }, (error, opened) =>
      error === null ? resolve(opened) : reject(broken(error)),
    );
  });
  const entries = await entriesOf(zip);
  return {
    has: (name) => entries.has(name),
    open: (name) =>
      new Promise((resolve, reject) => {
        const entry = entries.get(name);
        if (entry === undefined) reject(broken());
        else if (entry.uncompressedSize > largestPart) reject(refused("payload_too_large", "file", (say) => say.unpacksLarge));
        else zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(broken(error))));
      }),
    close: () => zip.close(),
  };
}

function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on("error", (error) => reject(broken(error)));
    zip.on("end", () => resolve(entries));
    zip.on("entry", (entry: Entry) => {
      entries.set(entry.fileName, entry);
      if (entries.size > mostParts) reject(broken());
      else zip.readEntry();
    });
    zip.readEntry();
  });
}

class Ranges extends RandomAccessReader {
  readonly #source: ByteSource;

  constructor(source: ByteSource) {
    super();
    this.#source = source;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#source.read(start, end), { objectMode: false });
  }
}

export function broken(cause?: unknown): Refusal {
  // What the files port says is no fault of the file.
  if (cause instanceof Refusal) return cause;
  return refused("invalid_value", "file", (say) => say.brokenWorkbook, cause);
}
