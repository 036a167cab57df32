import type { ErrorBody } from "../protocol/errors.ts";
import type { UploadedFile } from "../protocol/files.ts";

export interface FilesAddress {
  /** `…/api/v1/files`, complete. */
  address: string;
  /** The `Authorization` header; undefined while it isn't known who asks. */
  authorization(): Promise<string | undefined>;
}

/** What didn't work, as the server says it; without an answer `unavailable`, to be tried again. */
export class UploadRefused extends Error {
  readonly body: ErrorBody;

  constructor(body: ErrorBody) {
    super(body.message);
    this.body = body;
  }
}

/** Uploads a file; `key` makes a second try find the first. By XMLHttpRequest, since `fetch` tells nothing of what was sent. Rejects with UploadRefused. */
export async function uploadFile<Answer = UploadedFile>(
  { address, authorization }: FilesAddress,
  file: File,
  { key, progress, signal }: { key: string; progress(part: number): void; signal: AbortSignal },
): Promise<Answer> {
  const who = await authorization().catch(() => undefined);
  if (who === undefined) throw new UploadRefused(noAnswer);
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const refuse = (body: ErrorBody) => reject(new UploadRefused(body));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.upload.onprogress = ({ loaded, total }) => progress(total === 0 ? 0 : loaded / total);
    request.onerror = request.onabort = () => refuse(noAnswer);
    request.onload = () => {
      const answer = read<Answer & { error?: ErrorBody }>(request.responseText);
      if (request.status === 201 && answer !== undefined) resolve(answer);
      else refuse(answer?.error ?? noAnswer);
    };
    request.open("POST", `${address}?name=${encodeURIComponent([...file.name].slice(-200).join(""))}`);
    request.setRequestHeader("Authorization", who);
    // Whatever the browser takes it for: the server looks itself.
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", key);
    request.send(file);
  });
}

/** What a file is, with new addresses; undefined where it is gone or can't be asked for now. */
export async function renewFile(files: FilesAddress, id: string): Promise<UploadedFile | undefined> {
  const response = await ask(files, id, "GET");
  return response?.ok === true ? read<UploadedFile>(await response.text()) : undefined;
}

/** Forgets an upload that won't be sent. What isn't forgotten now is in a day. */
export async function removeFile(files: FilesAddress, id: string): Promise<void> {
  await ask(files, id, "DELETE");
}

async function ask({ address, authorization }: FilesAddress, id: string, method: string): Promise<Response | undefined> {
  try {
    const who = await authorization();
    return who === undefined ? undefined : await fetch(`${address}/${id}`, { method, headers: { Authorization: who } });
  } catch {
    return undefined;
  }
}

const noAnswer: ErrorBody = { code: "unavailable", message: "", retryAfterMs: 3000 };

function read<Body>(text: string): Body | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
