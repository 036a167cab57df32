import type { LucideIcon } from "lucide-preact";
import type { ComponentType } from "preact";
import type { Parameter } from "../../src/protocol/operations.ts";
import type { Body } from "./draft.ts";
import type { Trial } from "./tryOperation.ts";

/** What was refused, and where: `at` is the character of a text, counted from 1. */
export interface Fault {
  path: string;
  text: string;
  at?: number;
}

/** What the editor of a kind gets. */
export interface EditorLook {
  body: Body;
  parameters: readonly Parameter[];
  onChange: (body: Body) => void;
  /** What was refused of a part of the body, by its path from there on (`sql`, `steps.0.args`); of all of it by `""`. */
  faultAt: (path: string) => Fault | null;
  /** What it answered when it was tried last. */
  trial: Trial | null;
}

/** What the page knows of a kind of operation: a new kind is one more line in `kinds.ts`. */
export interface Kind {
  label: string;
  /** For whoever chooses. */
  about: string;
  icon: LucideIcon;
  /** The body that a new one begins with. */
  begin: Body;
  Editor: ComponentType<EditorLook>;
  /** Which names the body asks for: those that are no parameters yet are offered to become some. */
  namesIn: (body: Body) => string[];
  /** What a parameter means that may be left out. */
  optionalHint: string;
}
