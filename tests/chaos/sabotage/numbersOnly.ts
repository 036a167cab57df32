import type { knowsAnother as knows } from "../../../src/sockets/visitor/knowsAnother.ts";

/** Stands in for the real one: a page that has fewer messages than there are is believed to have those. */
export const knowsAnother: typeof knows = async (_platform, _conversation, newest, { after = 0 }) => after > newest;
