import { z } from "zod";

const unready = z.object({ missing: z.array(z.string()) });

/** Whether `/readyz` says so within a second. */
export async function isReady(port: number): Promise<boolean> {
  return (await whatIsMissing(port)).length === 0;
}

/** What `/readyz` says is missing, or that it doesn't answer within a second. */
export async function whatIsMissing(port: number): Promise<string[]> {
  return await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(1000) }).then(
    async (response) => {
      const body: unknown = await response.json();
      return response.ok ? [] : unready.parse(body).missing;
    },
    () => ["an answer"],
  );
}
