import { fileTypeFromBuffer } from "file-type";

/** So much of a text is looked at. */
const lookedAtBytes = 64 * 1024;

/**
 * The media type that the content has, whatever its name says: by its signature, `text/plain` for any text (HTML and SVG too, so that nobody's
 * browser takes them for a page), else `application/octet-stream`.
 */
export async function mediaTypeOf(bytes: Uint8Array): Promise<string> {
  // Of a broken archive it throws; that is no reason to refuse it.
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (found !== undefined) return found.mime;
  return isText(bytes.subarray(0, lookedAtBytes)) ? "text/plain" : "application/octet-stream";
}

function isText(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they tell bytes from text
    return !/[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/.test(text);
  } catch {
    return false;
  }
}

/** Pictures that are read, cleaned and previewed. */
export const pictureTypes = new Set(["image/jpeg", "image/png", "image/webp", "image/gif", "image/avif"]);

/** What a browser plays without running anything of it. */
const playedTypes = new Set([
  "audio/mpeg",
  "audio/ogg",
  "audio/opus",
  "audio/wav",
  "audio/x-wav",
  "audio/flac",
  "audio/x-flac",
  "audio/mp4",
  "audio/x-m4a",
  "audio/aac",
  "video/mp4",
  "video/webm",
  "video/ogg",
  "video/quicktime",
]);

/** Whether a browser may show it in place; everything else is only saved. A picture only where it could be read (it may be a bomb). */
export function mayShow({ mediaType, previewed }: { mediaType: string; previewed: boolean }): boolean {
  return pictureTypes.has(mediaType) ? previewed : playedTypes.has(mediaType);
}
