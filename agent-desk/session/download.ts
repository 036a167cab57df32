import type { ErrorBody } from "../../src/protocol/errors.ts";
import { Refusal } from "../../src/protocol/refusal.ts";
import { authorization } from "./session.ts";
import { askStepUp } from "./stepUp.ts";

/** Fetches a file of the API and has the browser save it; asks who one is where it must. Throws as a request does. */
export async function downloadAsMe(path: string, name: string): Promise<void> {
  const answer = await fetchAsMe(path);
  if (answer.ok) return saveFile(name, await answer.blob());
  const error = await errorIn(answer);
  if (error.code !== "step_up_needed") throw error;
  await askStepUp();
  const again = await fetchAsMe(path);
  if (!again.ok) throw await errorIn(again);
  saveFile(name, await again.blob());
}

export function saveJson(name: string, data: unknown): void {
  saveFile(name, new Blob([JSON.stringify(data, undefined, 2)], { type: "application/json" }));
}

async function fetchAsMe(path: string): Promise<Response> {
  const token = await authorization();
  try {
    return await fetch(path, { headers: token === undefined ? {} : { authorization: token } });
  } catch (cause) {
    throw new Refusal("unavailable", "Switchboard can't be reached. Check the connection and try again.", { cause });
  }
}

async function errorIn(answer: Response): Promise<Refusal> {
  const { error }: { error?: ErrorBody } = await answer.json().catch(() => ({}));
  return new Refusal(error?.code ?? "unavailable", error?.message ?? "Switchboard gave no proper answer. Please try again.");
}

/** Has the browser save what is here already. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
