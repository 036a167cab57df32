import { signal } from "@preact/signals";
import type { Attaching, AttachingOutside } from "../attaching.ts";
import { arrivals } from "./lazily.ts";

/** One chat a page. */
export const attaching = signal<Attaching>();
let outside: AttachingOutside | undefined;

/** Files that are dropped have their hands here before what handles them is there: a browser would leave the page for them. */
export function prepareAttaching(given: AttachingOutside): void {
  outside = given;
  const prevent = (event: Event) => {
    event.preventDefault();
    void fetchAttaching().catch(() => {});
  };
  for (const type of ["dragover", "drop"]) given.root.addEventListener(type, prevent);
}

/** Rejects where it could not be fetched. */
export async function fetchAttaching(): Promise<void> {
  const { openAttaching } = await import("../attachments/openAttaching.tsx");
  if (outside === undefined || attaching.value !== undefined) return;
  attaching.value = openAttaching(outside);
  arrivals.value++;
}
