import { listColleagues } from "../../access/members/colleagueStore.ts";
import { foldEmail } from "../../access/sessions/signIn.ts";
import type { Sql } from "../../platform/database/database.ts";
import type { Parameter, ParameterValues } from "../../protocol/operations.ts";
import { ownValue } from "../../protocol/ownValue.ts";
import { Refusal } from "../../protocol/refusal.ts";

/** Refusal `invalid_value` with the argument that should be a colleague, and is the address of nobody who works here now. */
export async function requireColleagues(sql: Sql, parameters: readonly Parameter[], values: ParameterValues): Promise<void> {
  const named = parameters.flatMap(({ name, type }) => {
    const value = type === "account" ? ownValue(values, name) : undefined;
    return (Array.isArray(value) ? value : value === undefined ? [] : [value]).map((each) => ({ name, email: foldEmail(String(each)) }));
  });
  if (named.length === 0) return;
  const here = await listColleagues(sql, { emails: named.map(({ email }) => email), teams: [], roles: [] });
  const strange = named.find(({ email }) => !here.some((colleague) => colleague.email === email));
  if (strange !== undefined)
    throw new Refusal("invalid_value", `"${strange.name}" must be the e-mail address of somebody who works here.`, {
      path: `args.${strange.name}`,
    });
}
