import type { Automation } from "./contract.ts";
import { mat } from "./mat/mat.ts";
import { reverse } from "./reverse/reverse.ts";

/** The automations that this repository brings. */
export const automations: readonly Automation[] = [mat, reverse];
