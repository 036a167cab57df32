import { checkQuery } from "../../../src/operations/queries/checkQuery.ts";
import type { Dialect } from "../../../src/operations/queries/dialect.ts";
import type { Parameter, ParameterValues } from "../../../src/protocol/operations.ts";

export const session = { me: "account-1", team: ["team-1", "team-2"], tenant: "tenant-1" };
export const required = (name: string, type: Parameter["type"] = "text"): Parameter => ({ name, type, required: true });
export const optional = (name: string, type: Parameter["type"] = "text"): Parameter => ({ name, type, required: false });
export const list = (name: string, type: Parameter["type"] = "integer"): Parameter => ({ name, type, required: true, list: true });

/** The statement as its server gets it, then its values. */
export async function bound(
  dialect: Dialect,
  text: string,
  parameters: Parameter[] = [],
  values: ParameterValues = {},
  purpose: "read" | "write" = "read",
) {
  const { text: statement, values: given } = (await checkQuery(dialect, text, parameters, purpose)).bind(values, session);
  return [statement, ...given];
}

/** In which words it is refused; else it says that it is allowed. */
export async function refusal(
  dialect: Dialect,
  text: string,
  parameters: Parameter[] = [],
  values: ParameterValues = {},
  purpose: "read" | "write" = "read",
) {
  return await bound(dialect, text, parameters, values, purpose).then(
    (found) => `allowed: ${found.join(" ")}`,
    (error: Error) => error.message,
  );
}
