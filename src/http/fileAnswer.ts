import type { StartedExport } from "../commands/exports/startExport.ts";
import { type FileKind, mediaTypes } from "../commands/exports/table.ts";
import type { Answer } from "./operation.ts";
import { type RunBody, runAnswered } from "./runAnswered.ts";

/** The file as it is read, named by its command and day; where nothing could be read, how the run ended. */
export function fileAnswer(requestId: string, { run, content }: StartedExport, as: FileKind): Answer<RunBody> {
  if (content === undefined) return runAnswered(requestId, run);
  const headers = {
    "Content-Type": mediaTypes[as],
    "Content-Disposition": `attachment; filename="${run.command}-${run.createdAt.slice(0, 10)}.${as}"`,
    "Cache-Control": "no-store",
    Location: `/api/v1/runs/${run.id}`,
  };
  return { status: 200, headers, content };
}

/** What a caller accepts, where that is a file. */
export function acceptedFile(accept: string | undefined): FileKind | undefined {
  const [first = ""] = (accept ?? "").split(/[,;]/);
  const wanted = first.trim().toLowerCase();
  if (wanted === "text/csv") return "csv";
  if (wanted === mediaTypes.xlsx) return "xlsx";
  return wanted === mediaTypes.pdf ? "pdf" : undefined;
}
