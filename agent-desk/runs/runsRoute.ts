import { computed } from "@preact/signals";
import { route } from "../shell/route.ts";

export const runsAddress = "#/runs";

export function runAddress(id: string): string {
  return `${runsAddress}/${id}`;
}

/** The page of runs takes the inbox's place: undefined where it isn't there, null without a run that is open. */
export const runsShown = computed<string | null | undefined>(() => {
  route.value;
  const [page, id] = location.hash.replace(/^#\/?/, "").split("/");
  if (page !== "runs") return undefined;
  return id === undefined || id === "" ? null : id;
});
