import type { OutsideRules } from "../../../platform/outside/outsideAddress.ts";
import type { Parameter } from "../../../protocol/operations.ts";
import { Refusal } from "../../../protocol/refusal.ts";
import { defineRequest } from "../defineRequest.ts";
import type { Json } from "../json.ts";
import type { Credential } from "../request.ts";
import { createSuggestions, type DraftRequest, type Suggestions } from "./draft.ts";
import { asList, asPart, asText, type Document, listOperations, type Part, readDocument, wrong } from "./openApiDocument.ts";
import { parameterOf, templateOf } from "./openApiSchema.ts";

export interface PickedOperation {
  method: string;
  path: string;
  /** Where the document names none, or another than it names. */
  server?: string;
  /** For client credentials, which no document has. */
  clientId?: string;
}

/**
 * One operation of an OpenAPI document as an API call, with its parameters, the body that it takes and how it proves who asks. Refusal
 * `invalid_value` (`document`, or the field of the request).
 */
export function fromOpenApi(text: string, picked: PickedOperation, rules: OutsideRules): DraftRequest {
  const document = readDocument(text);
  const { root, follow } = document;
  const item = follow(asPart(root["paths"])[picked.path]);
  const operation = follow(item[picked.method.toLowerCase()]);
  if (!listOperations(document).some(({ method, path }) => method === picked.method.toUpperCase() && path === picked.path))
    throw wrong(`The document has no ${picked.method.toUpperCase()} ${picked.path}.`);
  const suggestions = createSuggestions();
  const notes = new Set<string>();
  const described = parametersOf(document, item, operation);
  const { path, query, headers } = place(document, picked.path, described, suggestions, notes);
  const body = bodyOf(document, operation, described, suggestions, notes);
  if (body?.contentType !== undefined) headers["Content-Type"] = body.contentType;
  const url = `${serverOf(document, item, operation, picked.server)}${path}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  const credential = credentialOf(document, operation, picked.clientId, notes);
  const written = { method: picked.method.toUpperCase(), url, headers, body: body?.template, credential };
  return {
    definition: defineRequest(written, suggestions.parameters, rules),
    parameters: suggestions.parameters,
    values: suggestions.values,
    notes: [...notes],
  };
}

/** Those of the path, and those of the operation, which go before them. */
function parametersOf({ follow }: Document, item: Part, operation: Part): Part[] {
  const byPlace = new Map<string, Part>();
  for (const each of [...asList(item["parameters"]), ...asList(operation["parameters"])]) {
    const parameter = follow(each);
    byPlace.set(`${asText(parameter["in"])} ${asText(parameter["name"])}`, parameter);
  }
  return [...byPlace.values()].sort((a, b) => Number(b["required"] === true) - Number(a["required"] === true));
}

function place(document: Document, written: string, described: readonly Part[], suggestions: Suggestions, notes: Set<string>) {
  const query: string[] = [];
  const headers: Record<string, string> = {};
  let path = written;
  for (const each of described) {
    const [name, where] = [asText(each["name"]) ?? "", asText(each["in"])];
    if (where === "cookie") notes.add(`"${name}" is a cookie, and an API call sends none.`);
    if (where !== "path" && where !== "query" && where !== "header") continue;
    // Named by the document, and said by the definition or by the door.
    if (where === "header" && /^(?:accept|content-type|authorization)$/i.test(name)) continue;
    const parameter = parameterOf(document, each, name, { required: where === "path" || each["required"] === true });
    const slot = suggestions.declare(where === "path" ? withoutList(parameter) : joined(each, parameter));
    if (slot === undefined) notes.add(`"${name}" was left out: an operation has 30 parameters at most.`);
    else if (where === "path") path = path.replaceAll(`{${name}}`, slot);
    else if (where === "query") query.push(`${encodeURIComponent(name)}=${slot}`);
    else headers[name] = slot;
  }
  const open = /(?<!\{)\{([^{}]*)\}(?!\})/.exec(path);
  if (open !== null) throw wrong(`The document doesn't say what {${open[1]}} in the path is.`);
  return { path, query, headers };
}

function withoutList({ list: _, ...parameter }: Parameter): Parameter {
  return parameter;
}

/** Several values repeat the pair, unless the document has them joined: then they are one text. */
function joined(described: Part, parameter: Parameter): Parameter {
  const isRepeated = described["explode"] !== false && (described["collectionFormat"] ?? "multi") === "multi";
  return isRepeated ? parameter : withoutList(parameter);
}

function bodyOf(
  document: Document,
  operation: Part,
  described: readonly Part[],
  suggestions: Suggestions,
  notes: Set<string>,
): { template: Json; contentType: string } | undefined {
  const { follow } = document;
  // Swagger 2 has the body, or the fields of a form, among the parameters.
  const whole = described.find(({ in: where }) => where === "body");
  if (whole !== undefined) return jsonBody(document, whole["schema"], "application/json", suggestions, notes);
  const fields = described.filter(({ in: where }) => where === "formData");
  if (fields.length > 0)
    return formBody(
      document,
      fields.map((field) => ({ name: asText(field["name"]) ?? "", field, required: field["required"] === true })),
      suggestions,
    );
  const content = asPart(follow(operation["requestBody"])["content"]);
  const types = Object.keys(content);
  const json = types.find((type) => /^[\w.+-]+\/(?:[\w.+-]+\+)?json\b/i.test(type)) ?? types.find((type) => type === "*/*");
  if (json !== undefined)
    return jsonBody(document, asPart(content[json])["schema"], json === "*/*" ? "application/json" : json, suggestions, notes);
  const form = types.find((type) => type.toLowerCase() === "application/x-www-form-urlencoded");
  if (form !== undefined) {
    const schema = follow(asPart(content[form])["schema"]);
    const required = asList(schema["required"]);
    const members = Object.entries(asPart(schema["properties"])).map(([name, field]) => ({
      name,
      field: asPart(field),
      required: required.includes(name),
    }));
    return formBody(document, members, suggestions);
  }
  if (types[0] !== undefined) throw wrong(`It takes ${types.join(", ")}, and an API call here sends JSON, forms and texts.`);
  return undefined;
}

function jsonBody(document: Document, schema: unknown, contentType: string, suggestions: Suggestions, notes: Set<string>) {
  const template = templateOf(document, schema, "value", true, suggestions, notes);
  return template === undefined ? undefined : { template, contentType };
}

function formBody(document: Document, fields: readonly { name: string; field: Part; required: boolean }[], suggestions: Suggestions) {
  const template: Record<string, Json> = {};
  for (const { name, field, required } of fields) {
    const slot = suggestions.declare(parameterOf(document, field, name, { required }));
    if (slot !== undefined) template[name] = slot;
  }
  return { template, contentType: "application/x-www-form-urlencoded" };
}

function serverOf({ root, follow }: Document, item: Part, operation: Part, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted.replace(/\/+$/, "");
  const [server] = [operation["servers"], item["servers"], root["servers"]].flatMap((servers) => asList(servers).slice(0, 1));
  if (server !== undefined) {
    const { url, variables } = follow(server);
    const filled = (asText(url) ?? "").replace(
      /\{([^{}]+)\}/g,
      (open, name: string) => asText(asPart(asPart(variables)[name])["default"]) ?? open,
    );
    if (/^https?:\/\//i.test(filled)) return filled.replace(/\/+$/, "");
  }
  const host = asText(root["host"]);
  if (host === undefined)
    throw new Refusal("invalid_value", "The document doesn't say at which address it is; write it.", { path: "server" });
  const schemes = asList(root["schemes"]);
  const scheme = schemes.length === 0 || schemes.includes("https") ? "https" : "http";
  return `${scheme}://${host}${asText(root["basePath"])?.replace(/\/+$/, "") ?? ""}`;
}

/** The first way in which it may be proved who asks that an API call has, if the operation wants one. */
function credentialOf(
  { root, follow }: Document,
  operation: Part,
  clientId: string | undefined,
  notes: Set<string>,
): Credential | undefined {
  const wanted = asList(operation["security"] ?? root["security"]).map(asPart);
  // An empty one says that nobody must prove anything.
  if (wanted.length === 0 || wanted.some((each) => Object.keys(each).length === 0)) return undefined;
  const schemes = asPart(asPart(root["components"])["securitySchemes"] ?? root["securityDefinitions"]);
  for (const each of wanted) {
    const [[name, scopes] = ["", []], second] = Object.entries(each);
    const known = second === undefined ? credentialBy(follow(schemes[name]), asList(scopes), clientId) : undefined;
    if (known !== undefined) {
      notes.add(known.kind === "clientCredentials" ? "Give the client's secret to the credential." : "Give the secret to the credential.");
      return known;
    }
  }
  notes.add("It wants to know who asks, in a way that was left out: choose a credential, if you have one that it takes.");
  return undefined;
}

function credentialBy(scheme: Part, scopes: readonly unknown[], clientId: string | undefined): Credential | undefined {
  const kind = asText(scheme["type"]);
  const way = asText(scheme["scheme"])?.toLowerCase();
  if (kind === "basic" || (kind === "http" && way === "basic")) return { kind: "basic" };
  if (kind === "http" && way === "bearer") return { kind: "bearer" };
  const name = asText(scheme["name"]);
  const place = scheme["in"];
  if (kind === "apiKey" && name !== undefined && (place === "header" || place === "query"))
    return /^authorization$/i.test(name) ? { kind: "bearer" } : { kind: "key", in: place, name };
  if (kind !== "oauth2" && kind !== "openIdConnect") return undefined;
  const flow = scheme["flow"] === "application" ? scheme : asPart(asPart(scheme["flows"])["clientCredentials"]);
  const tokenUrl = asText(flow["tokenUrl"]);
  // A token that somebody got elsewhere does as well.
  if (tokenUrl === undefined || clientId === undefined) return { kind: "bearer" };
  const scope = scopes.map(String).join(" ");
  return { kind: "clientCredentials", tokenUrl, clientId, ...(scope === "" ? {} : { scope }) };
}
