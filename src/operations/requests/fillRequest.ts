import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import type { Parameter, ParameterValues } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { readRequest } from "./defineRequest.ts";
import type { FilledRequest, RequestDefinition } from "./request.ts";
import { fillBody } from "./requestBody.ts";
import { fillHeaders } from "./requestHeaders.ts";
import { fillUrl } from "./requestUrl.ts";
import { slottedValues, slotValue } from "./slots.ts";

/**
 * The call that these values make: each encoded for its place, a default where one was left out, and what needs an optional value that isn't there
 * fallen away. Nothing secret is in it, so it can be shown in a plan as it is. Refusal `invalid_value` at `args.<name>`.
 */
export function fillRequest(
  written: RequestDefinition,
  parameters: readonly Parameter[],
  given: ParameterValues,
  rules: OutsideRules,
): FilledRequest {
  const values = slottedValues(given);
  const template = readRequest(written, parameters, rules);
  const unknown = Object.keys(values).find((name) => !template.parameters.has(name));
  if (unknown !== undefined)
    throw new Refusal("invalid_value", `\`${unknown}\` is no parameter of this operation.`, { path: `args.${unknown}` });
  const value = (name: string) => slotValue(name, template.parameters, values);
  const { method, credential, repeatHeader } = template.definition;
  const headers = fillHeaders(template.headers, value);
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === "content-type");
  return {
    method,
    url: fillUrl(template.url, value),
    headers: { ...headers, ...(template.body === undefined || isTyped ? {} : { "Content-Type": template.body.contentType }) },
    ...(template.body === undefined ? {} : { body: fillBody(template.body, value, template) }),
    ...(credential === undefined ? {} : { credential }),
    ...(repeatHeader === undefined ? {} : { repeatHeader }),
  };
}
