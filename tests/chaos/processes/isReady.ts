import { z } from "zod";

const unready = z.object({ missing: z.array(z.string()) });

/** Whether `/readyz` says so within a second. */
export async function isReady(port: number): Promise<boolean> {
  return (await whatIsMissing(port)).length === 0;
}

/** The same, of a machine that also plays all the people: that a process has much to do is no fault. */
export async function isReadyOrBusy(port: number): Promise<boolean> {
  return (await whatIsMissing(port)).every((what) => what === "busy");
}

async function whatIsMissing(port: number): Promise<string[]> {
  return await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
    async (response) => {
      const body: unknown = await response.json();
      return response.ok ? [] : unready.parse(body).missing;
    },
    () => ["an answer"],
  );
}
