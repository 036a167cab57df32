import type { RunAnswer } from "../../src/protocol/commands.ts";
import type { ErrorBody } from "../../src/protocol/errors.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { saveFile } from "../session/download.ts";
import { authorization, requestAsMe } from "../session/session.ts";

export type FileKind = "csv" | "xlsx" | "pdf";

interface Taking {
  /** Told with the bytes that are here. */
  onBytes: (bytes: number) => void;
  signal: AbortSignal;
}

/** Fetches the whole answer of a run and has the browser save it, or nothing of it. Throws the refusal that the person is told; an AbortError where they left. */
export async function takeFile(run: string, as: FileKind, { onBytes, signal }: Taking): Promise<void> {
  const token = await authorization();
  const headers = token === undefined ? {} : { authorization: token };
  const answer = await fetch(`/api/v1/runs/${encodeURIComponent(run)}/file?as=${as}`, { headers, signal }).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    throw new Refusal("unavailable", "Switchboard can't be reached. Check the connection and try again.", { cause });
  });
  if (!answer.ok || answer.body === null) {
    const { error }: { error?: ErrorBody } = await answer.json().catch(() => ({}));
    throw new Refusal(error?.code ?? "unavailable", error?.message ?? "Switchboard gave no proper answer. Please try again.");
  }
  const pieces: BlobPart[] = [];
  try {
    let bytes = 0;
    for (const reader = answer.body.getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      pieces.push(value);
      bytes += value.byteLength;
      onBytes(bytes);
    }
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw await whyBroken(answer, cause);
  }
  const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? `answer.${as}`;
  saveFile(name, new Blob(pieces, { type: answer.headers.get("content-type") ?? "" }));
}

/** The file's own run knows why it could not be whole. */
async function whyBroken(answer: Response, cause: unknown): Promise<Refusal> {
  const path = answer.headers.get("location")?.replace(/^\/api\/v1\//, "");
  const run = path === undefined ? undefined : await requestAsMe<RunAnswer>({ method: "GET", path }).catch(() => undefined);
  const why = run?.error?.message ?? "The connection broke; try again.";
  return new Refusal(run?.error?.code ?? "unavailable", `The file is not whole, so nothing was saved. ${why}`, { cause });
}
