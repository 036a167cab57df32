import { newClientId } from "../../../src/client/clientId.ts";
import { UploadRefused, uploadFile } from "../../../src/client/upload.ts";
import type { ImportPreview, ImportReading, ImportSettings, ImportView } from "../../../src/protocol/imports.ts";
import { Refusal } from "../../../src/protocol/refusal.ts";
import { saveFile } from "../../session/download.ts";
import { authorization, requestAsMe } from "../../session/session.ts";

/** Takes a file in: a draft, by which nothing is written. Throws the refusal that the person is told. */
export async function uploadImport(
  key: string,
  file: File,
  { progress, signal }: { progress: (part: number) => void; signal: AbortSignal },
): Promise<ImportView> {
  const address = `${location.origin}/api/v1/${pathOf(key)}`;
  return await uploadFile<ImportView>({ address, authorization }, file, { key: newClientId(), progress, signal }).catch(
    (error: unknown) => {
      if (!(error instanceof UploadRefused)) throw error;
      throw new Refusal(error.body.code, error.body.message || "It didn't get through; choose it once more.");
    },
  );
}

export async function listImports(key: string): Promise<ImportView[]> {
  return (await requestAsMe<{ items: ImportView[] }>({ method: "GET", path: pathOf(key) })).items;
}

export async function readImport(key: string, id: string): Promise<ImportView> {
  return await requestAsMe({ method: "GET", path: pathOf(key, id) });
}

export async function changeImport(
  { blueprint, id }: ImportView,
  change: { reading?: Partial<Omit<ImportReading, "kind">>; settings?: Partial<ImportSettings> },
): Promise<ImportView> {
  return await requestAsMe({ method: "PATCH", path: pathOf(blueprint, id), body: change });
}

export async function previewImport({ blueprint, id }: ImportView): Promise<ImportPreview> {
  return await requestAsMe({ method: "GET", path: `${pathOf(blueprint, id)}/preview` });
}

export async function startImport({ blueprint, id }: ImportView): Promise<ImportView> {
  return await requestAsMe({ method: "POST", path: `${pathOf(blueprint, id)}/start`, idempotencyKey: newClientId() });
}

export async function pauseImport({ blueprint, id }: ImportView): Promise<ImportView> {
  return await requestAsMe({ method: "POST", path: `${pathOf(blueprint, id)}/pause` });
}

export async function cancelImport({ blueprint, id }: ImportView): Promise<ImportView> {
  return await requestAsMe({ method: "DELETE", path: pathOf(blueprint, id) });
}

/** Has the browser save what could not be taken. Throws the refusal that the person is told. */
export async function takeErrors({ blueprint, id, name }: ImportView): Promise<void> {
  const token = await authorization();
  const answer = await fetch(`/api/v1/${pathOf(blueprint, id)}/errors`, {
    headers: token === undefined ? {} : { authorization: token },
  }).catch(() => undefined);
  if (answer?.ok !== true) throw new Refusal("unavailable", "The file of errors can't be read now; try again.");
  saveFile(`${name.replace(/\.\w{1,5}$/, "")}-errors.csv`, await answer.blob());
}

function pathOf(key: string, id?: string): string {
  return `blueprints/${encodeURIComponent(key)}/imports${id === undefined ? "" : `/${encodeURIComponent(id)}`}`;
}
