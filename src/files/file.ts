import type { AccountPrincipal, VisitorPrincipal } from "../access/principal.ts";
import type { FileBlock } from "../protocol/blocks.ts";

/** Who uploads: a visitor into their conversation, an account into none yet. */
export type Uploader = AccountPrincipal | VisitorPrincipal;

/** A file that people attach, without its bytes. */
export interface AttachedFile {
  id: string;
  name: string;
  mediaType: string;
  /** In bytes. */
  size: number;
  /** In pixels, as it is looked at; of pictures that could be read. */
  width: number | null;
  height: number | null;
  /** Whether there is a preview: then it is a picture that is safe to show. */
  previewed: boolean;
}

/** Where its bytes are in the files port. */
export const placeOf = (tenant: string, file: string) => `${tenant}/${file}`;
export const placeOfPreview = (tenant: string, file: string) => `${tenant}/${file}.preview`;

/** What an API key uploads is its maker's. */
export function uploaderKind(uploader: Uploader): "visitor" | "account" {
  return uploader.kind === "visitor" ? "visitor" : "account";
}

export function uploaderId(uploader: Uploader): string {
  return uploader.kind === "visitor" ? uploader.contact : uploader.account;
}

/** The block as the ledger keeps it: its addresses are paths, signed for whoever is shown it. */
export function blockOf({ id, name, mediaType, size, width, height, previewed }: AttachedFile): FileBlock {
  return {
    type: "file",
    id,
    name,
    mediaType,
    size,
    url: `/files/${id}/${encodeURIComponent(name)}`,
    ...(previewed ? { previewUrl: `/files/${id}/preview.webp` } : {}),
    ...(width === null || height === null ? {} : { width, height }),
  };
}
