import type { Sharp } from "sharp";
import { createTurnstile } from "../platform/process/turnstile.ts";

export interface Picture {
  /** The picture without what its camera wrote into it: where it was taken, and of whom the camera is. */
  bytes: Uint8Array;
  /** In pixels, as it is looked at. */
  width: number;
  height: number;
  /** WebP. */
  preview: Uint8Array;
}

/** Reads a picture; undefined for one that can't be read, has too many pixels, or takes too long. */
export type ReadPicture = (bytes: Uint8Array) => Promise<Picture | undefined>;

/** What phones take has up to 50 million; one that is unpacked takes 4 bytes a pixel. */
const mostPixels = 64_000_000;
const previewPixels = 640;
const longestSeconds = 10;
/** Each may take 250 MB for a moment. */
const picturesAtOnce = 2;

export function createPictureReader(): ReadPicture {
  const pool = createTurnstile(picturesAtOnce);
  return (bytes) => pool(() => read(bytes));
}

async function read(bytes: Uint8Array): Promise<Picture | undefined> {
  // Not before it is needed: it brings 20 MB, and a process without uploads stays without them.
  const { default: sharp } = await import("sharp");
  sharp.cache(false);
  sharp.concurrency(1);
  const open = (from: Uint8Array, animated = false): Sharp =>
    sharp(from, { limitInputPixels: mostPixels, animated }).timeout({ seconds: longestSeconds });
  try {
    const { exif, xmp, iptc, pages = 1 } = await open(bytes).metadata();
    const told = exif !== undefined || xmp !== undefined || iptc !== undefined;
    const clean = told ? await withoutMetadata(open(bytes, pages > 1)) : bytes;
    const { width, height } = await open(clean).metadata();
    const preview = await open(clean)
      .resize(previewPixels, previewPixels, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 78 })
      .toBuffer();
    return { bytes: clean, width, height, preview };
  } catch {
    return undefined;
  }
}

/** The same picture in the same format, turned as it was marked to be; the colours' profile stays. */
async function withoutMetadata(picture: Sharp): Promise<Uint8Array> {
  return await picture.autoOrient().keepIccProfile().jpeg({ quality: 90, force: false }).webp({ quality: 90, force: false }).toBuffer();
}
