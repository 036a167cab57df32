import { v7 as newId } from "uuid";
import type { Platform } from "../platform/platform.ts";
import { maxFileBytes } from "../protocol/files.ts";
import { Refusal } from "../protocol/refusal.ts";
import { type AttachedFile, placeOf, placeOfPreview, type Uploader, uploaderId, uploaderKind } from "./file.ts";
import { cleanFileName, refuseProgram } from "./fileName.ts";
import { findUploaded, insertFile, markStored } from "./fileStore.ts";
import { mediaTypeOf, pictureTypes } from "./fileType.ts";
import { removeUpload } from "./forgetFiles.ts";
import type { ReadPicture } from "./pictures.ts";

/** What all files of one visitor in one conversation may have together, in bytes. */
export const mostBytesOfVisitor = 200 * 1024 * 1024;

export interface Upload {
  /** As the uploader says; it is cleaned. */
  name: string;
  bytes: Uint8Array;
  /** The same key again is the same upload, of which the answer got lost. */
  key: string | undefined;
}

export type Uploading = Pick<Platform, "database" | "files"> & { readPicture: ReadPicture };

/**
 * Keeps a file that belongs to nobody's message yet. Refusals: `nothing_to_send`, `payload_too_large`, `unsupported_media_type`,
 * `rate_limited` (the visitor's total), `idempotency_key_reused`, `unavailable`; then nothing is left of it.
 */
export async function uploadFile(deps: Uploading, uploader: Uploader, { name: given, bytes, key }: Upload): Promise<AttachedFile> {
  const sql = deps.database.forTenant(uploader.tenant);
  const name = cleanFileName(given);
  if (bytes.length === 0) throw new Refusal("nothing_to_send", `"${name}" is empty; there is nothing in it to send.`, { path: "file" });
  if (bytes.length > maxFileBytes) throw tooLarge();
  const mediaType = await mediaTypeOf(bytes);
  refuseProgram(name, mediaType);
  const known = key === undefined ? undefined : await findUploaded(sql, uploaderId(uploader), key);
  if (known !== undefined) return sameAs(known, name, mediaType);

  const picture = pictureTypes.has(mediaType) ? await deps.readPicture(bytes) : undefined;
  const content = picture?.bytes ?? bytes;
  const file: AttachedFile = {
    id: newId(),
    name,
    mediaType,
    size: content.length,
    width: picture?.width ?? null,
    height: picture?.height ?? null,
    previewed: picture !== undefined,
  };
  const id = await insertFile(
    sql,
    {
      ...file,
      by: { kind: uploaderKind(uploader), id: uploaderId(uploader) },
      uploadKey: key ?? null,
      conversation: uploader.kind === "visitor" ? uploader.conversation : null,
    },
    mostBytesOfVisitor,
  );
  if (id === undefined) {
    const meanwhile = key === undefined ? undefined : await findUploaded(sql, uploaderId(uploader), key);
    if (meanwhile !== undefined) return sameAs(meanwhile, name, mediaType);
    throw new Refusal(
      "rate_limited",
      `The files of one conversation may have ${mostBytesOfVisitor / 1024 / 1024} MB together; send a link instead.`,
      { path: "file" },
    );
  }
  // A process that dies here leaves a row without bytes: the same upload goes on with it, or it is forgotten after a day with what was kept.
  try {
    if (picture !== undefined) await deps.files.put(placeOfPreview(uploader.tenant, id), picture.preview);
    await deps.files.put(placeOf(uploader.tenant, id), content);
    await markStored(sql, id);
  } catch (error) {
    await removeUpload(deps, uploader, id).catch(() => {});
    throw error;
  }
  return { ...file, id };
}

export function tooLarge(): Refusal {
  return new Refusal("payload_too_large", `The file is larger than ${maxFileBytes / 1024 / 1024} MB, the limit.`, { path: "file" });
}

function sameAs(known: AttachedFile, name: string, mediaType: string): AttachedFile {
  if (known.name === name && known.mediaType === mediaType) return known;
  throw new Refusal("idempotency_key_reused", "This Idempotency-Key was used for another file, which stands.", { path: "Idempotency-Key" });
}
