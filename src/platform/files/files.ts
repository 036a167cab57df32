import type { Readable } from "node:stream";

/** The first and the last byte that are wanted, both included, from 0. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * Keeps bytes under opaque keys: letters, digits, `-`, `_` and `.`, in parts with `/` between them. A file is there whole or not at all.
 * What can't be reached, or a full disk, is the Refusal `unavailable`; a time-out is unknown, not failed.
 */
export interface Files {
  /** Keeps the file; one that is there under this key is replaced. */
  put(key: string, content: Uint8Array): Promise<void>;
  /** The file's bytes, or those of `range`, which lies within it; undefined where there is no such file. */
  get(key: string, range?: ByteRange): Promise<Readable | undefined>;
  /** What isn't there is no error. */
  delete(key: string): Promise<void>;
  exists(key: string): Promise<boolean>;
}

const partOfKey = /^[\w-][\w.-]*$/;

/** For adapters, whose keys become paths: throws for one that could leave its place. It would be a fault of ours. */
export function checkKey(key: string): string {
  if (key.length <= 200 && key.split("/").every((part) => partOfKey.test(part))) return key;
  throw new Error("a file's key has a part that is no name");
}
