import { useEffect } from "preact/hooks";
import type { FileBlock } from "../../src/protocol/blocks.ts";
import { attaching, fetchAttaching } from "./attaching.ts";

/** A file of a message; a link until its look is fetched. */
export function Attached({ file }: { file: FileBlock }) {
  const { FileCard } = attaching.value ?? {};
  useEffect(() => void fetchAttaching().catch(() => {}), []);
  return FileCard === undefined ? <a href={file.url}>{file.name}</a> : <FileCard file={file} />;
}
