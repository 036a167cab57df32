import { useEffect, useState } from "preact/hooks";
import type { WaysIn } from "../../src/protocol/access.ts";
import { requestAsMe } from "../session/session.ts";

/** The ways in to my account; null while nobody knows, and where there is no answer. */
export function useWaysIn(): WaysIn | null {
  const [ways, setWays] = useState<WaysIn | null>(null);
  useEffect(() => {
    requestAsMe<WaysIn>({ method: "GET", path: "account/identities" }).then(setWays, () => {});
  }, []);
  return ways;
}
