import type { LucideIcon } from "lucide-preact";
import type { ComponentType } from "preact";
import type { OperationView, Parameter } from "../../src/protocol/operations.ts";
import type { Body } from "./draft.ts";
import type { Imported } from "./requests/imported.ts";
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
  /** What is saved of it; null of a new one. */
  stored: OperationView | null;
  /** Something of it was changed that isn't a part of its versions. */
  onStored: () => void;
  /** All of it was read from somewhere else. */
  onImported: (imported: Imported) => void;
  /** What tries it with another body and the values that are written below. */
  tryAs: (body: Body) => Record<string, unknown>;
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
