import type { Parameter } from "../../src/protocol/operations.ts";
import { referenceParts, referenceShape } from "../../src/protocol/reference.ts";

const examples: Partial<Record<Parameter["type"], string>> = {
  integer: "3",
  decimal: "12.50",
  boolean: "true",
  date: "2026-11-21",
  instant: "2026-11-21T09:30:00Z",
};

/** A text with examples in the places of its slots: of a parameter its standard, its first choice, or one of its type. */
export function exampleText(text: string, parameters: readonly Parameter[], me: { name: string; email: string }): string {
  return text.replace(new RegExp(referenceShape, "gu"), (slot, written: string) => {
    const [root, ...path] = referenceParts(written);
    const field = path.join(".");
    if (root === "me") return field === "email" ? me.email : me.name;
    if (root === "row") return field === "email" ? "ana@example.com" : field === "name" ? "Ana" : `‹${field}›`;
    const parameter = parameters.find(({ name }) => name === root);
    if (parameter === undefined) return slot;
    const standard = parameter.default ?? parameter.choices?.[0] ?? examples[parameter.type];
    return standard === undefined ? `‹${parameter.label ?? parameter.name}›` : String(standard);
  });
}
