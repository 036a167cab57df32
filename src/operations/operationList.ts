import { type OperationView, operationKinds } from "../protocol/operations.ts";

/** By what a list of operations may be filtered and sorted. */
export const operationList = {
  fields: {
    name: { type: "text" },
    summary: { type: "text" },
    kind: { type: "choice", choices: operationKinds },
    risk: { type: "choice", choices: ["read", "write", "destructive"] },
    changedAt: { type: "instant" },
  },
  order: "name",
  unique: "name",
  values: ({ name, summary, kind, risk, changedAt }: OperationView) => ({ name, summary, kind, risk, changedAt }),
} as const;
