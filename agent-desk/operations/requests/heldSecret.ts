import { signal } from "@preact/signals";

/** A secret that stood in a pasted line, until it is given to the credential: in this page's memory alone, for the host that stood beside it. */
export const heldSecret = signal<{ secret: string; origin: string } | null>(null);
