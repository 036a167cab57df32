import type { Field } from "../../../src/protocol/blueprints.ts";
import type { Written } from "../entities.ts";

export interface InputLook {
  id: string;
  field: Field;
  value: Written;
  isWrong: boolean;
  /** Its name, where no label stands beside it. */
  label?: string | undefined;
  /** The ids of what is said of it. */
  describedBy?: string | undefined;
  onInput: (value: Written) => void;
}
