import { createContext } from "preact";
import type { BlueprintDraft } from "./blueprintDraft.ts";

/** The blueprint that is being written: what a field of it may name. */
export const Edited = createContext<BlueprintDraft | null>(null);
