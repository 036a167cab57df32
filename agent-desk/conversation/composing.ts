import type { RefObject } from "preact";
import type { ComposerHandle } from "./Composer.tsx";

/** How the shortcuts reach the composer that is on the page. */
export const composing: { handle: RefObject<ComposerHandle | null> } = { handle: { current: null } };
