import { z } from "zod";
import type { OutsideRules } from "../../platform/outside/outsideAddress.ts";
import { inShape } from "../../protocol/inShape.ts";
import type { Parameter } from "../../protocol/operations.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { checkAnswerMap } from "./answers/answerMap.ts";
import { checkCredential, credentialSchema } from "./credential.ts";
import { type Method, methods, type RequestDefinition } from "./request.ts";
import { type BodyTemplate, readBody } from "./requestBody.ts";
import { checkHeaderName, type HeaderTemplate, readHeaders } from "./requestHeaders.ts";
import { readUrl, type UrlTemplate } from "./requestUrl.ts";
import { type Declared, slotted } from "./slots.ts";

const shape = z.strictObject({
  method: z.string().default("GET"),
  url: z.string(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.json().optional(),
  credential: credentialSchema.optional(),
  repeatHeader: z.string().optional(),
  answer: z.unknown().optional(),
});

/** A definition taken apart, to be filled. */
export interface RequestTemplate {
  definition: RequestDefinition;
  parameters: ReadonlyMap<string, Parameter>;
  url: UrlTemplate;
  headers: HeaderTemplate[];
  body: BodyTemplate | undefined;
}

/**
 * Checks what somebody wrote as an API call with these parameters: nothing but `{{name}}` in it, each in a place where a value can't become
 * anything else, each parameter used. Refusal `invalid_value` whose path names the field (`request.headers.X-Day`), with the character where there
 * is one. The same check again before each run: what was allowed may not be any more.
 */
export function defineRequest(written: unknown, parameters: readonly Parameter[], rules: OutsideRules): RequestDefinition {
  return readRequest(written, parameters, rules).definition;
}

export function readRequest(written: unknown, parameters: readonly Parameter[], rules: OutsideRules): RequestTemplate {
  const read = inShape(shape, written, "request");
  const { method: asWritten, url, headers, body, credential, repeatHeader, answer } = read;
  const declared: Declared = { parameters: named(slotted(parameters)), used: new Set(), slots: 0 };
  const method = checkedMethod(asWritten);
  const urlTemplate = readUrl(url, declared, rules);
  const headerTemplates = readHeaders(headers, declared);
  const contentType = headerTemplates.find(({ name }) => name.toLowerCase() === "content-type")?.parts[0];
  const bodyTemplate = readBody(body, typeof contentType === "string" ? contentType : undefined, declared);
  if (bodyTemplate !== undefined && (method === "GET" || method === "HEAD"))
    throw new Refusal("invalid_value", `${method} has no body; write the values into the address, or choose POST.`, {
      path: "request.body",
    });
  if (credential !== undefined) checkCredential(credential, { headers, query: urlTemplate.query.map(({ name }) => name) }, rules);
  if (repeatHeader !== undefined) checkRepeatHeader(repeatHeader, headers);
  const answerMap = answer === undefined ? undefined : checkAnswerMap(answer);
  for (const [index, { name, type }] of parameters.entries())
    if (![...declared.used].some((used) => used === name || (type === "file" && used.startsWith(`${name}.`))))
      throw new Refusal("invalid_value", `\`${name}\` is used nowhere: write {{${name}}} where it belongs, or remove it.`, {
        path: `parameters.${index}.name`,
      });
  const definition: RequestDefinition = {
    method,
    url,
    headers,
    ...(bodyTemplate === undefined || body === undefined ? {} : { body }),
    ...(credential === undefined ? {} : { credential }),
    ...(repeatHeader === undefined ? {} : { repeatHeader }),
    ...(answerMap === undefined ? {} : { answer: answerMap }),
  };
  return { definition, parameters: declared.parameters, url: urlTemplate, headers: headerTemplates, body: bodyTemplate };
}

function checkedMethod(written: string): Method {
  const method = methods.find((known) => known === written.toUpperCase());
  if (method === undefined) throw new Refusal("invalid_value", `The method is one of ${methods.join(", ")}.`, { path: "request.method" });
  return method;
}

function named(parameters: readonly Parameter[]): ReadonlyMap<string, Parameter> {
  const byName = new Map<string, Parameter>();
  for (const [index, parameter] of parameters.entries()) {
    if (byName.has(parameter.name))
      throw new Refusal("invalid_value", `There are two parameters \`${parameter.name}\`.`, { path: `parameters.${index}.name` });
    byName.set(parameter.name, parameter);
  }
  return byName;
}

function checkRepeatHeader(name: string, headers: Readonly<Record<string, string>>): void {
  const path = "request.repeatHeader";
  checkHeaderName(name, path);
  if (Object.keys(headers).some((known) => known.toLowerCase() === name.toLowerCase()))
    throw new Refusal("invalid_value", `"${name}" gets its value from the run, so it can't stand among the headers.`, { path });
}
