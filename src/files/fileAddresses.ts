import { createHmac, timingSafeEqual } from "node:crypto";
import { acceptedKeys, type Keys } from "../access/keys/keys.ts";
import type { Clock } from "../platform/clock/clock.ts";
import type { Block } from "../protocol/blocks.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type AttachedFile, blockOf } from "./file.ts";

/** Which bytes an address is for. */
export interface Addressed {
  tenant: string;
  file: string;
  preview: boolean;
}

export interface FileAddresses {
  /** The blocks as they are shown: those of files with complete addresses. The same array where there is none. */
  sign(tenant: string, blocks: Block[] | undefined): Block[] | undefined;
  of(tenant: string, file: AttachedFile): { url: string; previewUrl: string | null };
  /** What the address of `file` with this `k` is for. Refusal `not_found` where it is false or over. */
  check(file: string, k: string): Addressed & { secondsLeft: number };
}

const halfDayMs = 12 * 3_600_000;

/**
 * Addresses of files: whoever has one may read the file until it is over, for 12 to 24 hours, without a cookie or a token, as a page's `img`
 * needs it. All that are made within half a day are the same, so that a browser keeps what it fetched.
 */
export function createFileAddresses(
  { keys, clock }: { keys: Pick<Keys, "fileAddresses" | "before">; clock: Pick<Clock, "now"> },
  publicUrl: string,
): FileAddresses {
  const signature = (tenant: string, file: string, until: string, key = keys.fileAddresses) =>
    createHmac("sha256", key).update(`${tenant}/${file}/${until}`).digest("base64url");

  const complete = (tenant: string, file: string, path: string, kind: "f" | "p") => {
    const until = `${kind}${((Math.floor(clock.now() / halfDayMs) + 2) * halfDayMs) / 1000}`;
    return `${publicUrl}${path}?k=${until}.${tenant}.${signature(tenant, file, until)}`;
  };

  const signed = <Shown extends { id: string; url: string; previewUrl?: string }>(tenant: string, block: Shown): Shown => ({
    ...block,
    url: complete(tenant, block.id, block.url, "f"),
    ...(block.previewUrl === undefined ? {} : { previewUrl: complete(tenant, block.id, block.previewUrl, "p") }),
  });

  return {
    sign: (tenant, blocks) => {
      if (blocks?.some(({ type }) => type === "file") !== true) return blocks;
      return blocks.map((block) => (block.type === "file" ? signed(tenant, block) : block));
    },
    of: (tenant, file) => {
      const { url, previewUrl = null } = signed(tenant, blockOf(file));
      return { url, previewUrl };
    },
    check: (file, k) => {
      const [until = "", tenant = "", given = ""] = k.split(".");
      const secondsLeft = Number(until.slice(1)) - Math.floor(clock.now() / 1000);
      const isOurs = acceptedKeys(keys, "fileAddresses").some((key) => equal(given, signature(tenant, file, until, key)));
      if (!isOurs || !(secondsLeft > 0))
        throw new Refusal("not_found", "There is no such file, or its address is over; open the conversation again.");
      return { tenant, file, preview: until.startsWith("p"), secondsLeft };
    },
  };
}

function equal(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
