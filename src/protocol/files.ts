import type { Block, FileBlock } from "./blocks.ts";

/** The largest file, in bytes. */
export const maxFileBytes = 20 * 1024 * 1024;
/** The most files of one message or note. */
export const maxFilesOfMessage = 10;

/** What `POST /api/v1/files` answers. The addresses are complete, signed, and hold for 12 to 24 hours; `GET /api/v1/files/{id}` gives new ones. */
export interface UploadedFile {
  id: string;
  name: string;
  /** The media type, as the content says. */
  type: string;
  size: number;
  /** Of a picture, in pixels as it is looked at. */
  width: number | null;
  height: number | null;
  url: string;
  previewUrl: string | null;
}

/** A message's text is complete by itself: each file is a line of it. */
export function textWithFiles(text: string, files: readonly { name: string }[]): string {
  return [...(text === "" ? [] : [text]), ...files.map(lineOf)].join("\n");
}

/** The text without the lines of its files, for whoever shows these too. */
export function textWithoutFiles(text: string, blocks: readonly Block[] | undefined): string {
  const files = (blocks ?? []).filter((block) => block.type === "file");
  const lines = files.map(lineOf).join("\n");
  if (files.length === 0 || !text.endsWith(lines)) return text;
  return text.slice(0, text.length - lines.length).replace(/\n$/, "");
}

function lineOf({ name }: { name: string }): string {
  return `[${name}]`;
}

/** The block that shows an uploaded file. */
export function fileBlock({ id, name, type, size, width, height, url, previewUrl }: UploadedFile): FileBlock {
  return {
    type: "file",
    id,
    name,
    mediaType: type,
    size,
    url,
    ...(previewUrl === null ? {} : { previewUrl }),
    ...(width === null || height === null ? {} : { width, height }),
  };
}
