import type { OutsideRules } from "../../../platform/outside/outsideAddress.ts";
import { Refusal } from "../../../protocol/refusal.ts";
import { secretIn } from "../../../protocol/secretShapes.ts";
import { defineRequest } from "../defineRequest.ts";
import { type Json, readJson } from "../json.ts";
import type { Credential } from "../request.ts";
import { isSecretName } from "../secretNames.ts";
import { type CurlOption, readCurl, wrong } from "./curlWords.ts";
import { createSuggestions, type DraftRequest, idNameAfter, type Suggestions, typeOfText } from "./draft.ts";

interface Reading {
  suggestions: Suggestions;
  notes: Set<string>;
  credential?: Credential;
  secret?: string;
}

/** What a browser says of itself and of its page, and what framing says: none of an API's business. */
const left =
  /^(?:sec-.*|origin|referer|priority|dnt|upgrade-insecure-requests|host|content-length|connection|accept-encoding|te|trailer|transfer-encoding|pragma|cache-control|if-none-match)$/i;

/**
 * A pasted line of curl as an API call: its values become parameters with what stood there as suggestions, its secrets the credential. Refusal
 * `invalid_value`, at `curl` for what can't be read, else at the field of the request.
 */
export function fromCurl(line: string, rules: OutsideRules): DraftRequest {
  const given = readCurl(line);
  const reading: Reading = { suggestions: createSuggestions(), notes: new Set() };
  const urls = given.filter(({ name }) => name === "url");
  const [first] = urls;
  if (first === undefined || urls.length > 1)
    throw wrong(first === undefined ? "The address is missing." : "There is more than one address.");
  const headers = readHeaders(given, reading);
  readUser(given, reading);
  const data = dataOf(given);
  const asQuery = given.some(({ name }) => name === "get");
  const method = methodOf(given, data !== undefined && !asQuery);
  const added = [
    ...given.filter(({ name }) => name === "url-query").map(({ value }) => urlEncoded(value)),
    ...(asQuery && data !== undefined ? [data.text] : []),
  ];
  const url = readUrl(first.value, added, reading);
  const body = asQuery || data === undefined ? undefined : readBody(data, headers, reading);
  for (const { name } of given) noteOn(name, reading.notes);
  const { suggestions, notes, credential, secret } = reading;
  const repeatHeader = Object.keys(headers).find((name) => name.toLowerCase() === "idempotency-key");
  if (repeatHeader !== undefined) delete headers[repeatHeader];
  const written = { method, url, headers, body, credential, repeatHeader };
  return {
    definition: defineRequest(written, suggestions.parameters, rules),
    parameters: suggestions.parameters,
    values: suggestions.values,
    ...(secret === undefined ? {} : { secret }),
    notes: [...notes],
  };
}

function noteOn(name: string, notes: Set<string>): void {
  if (name === "insecure") notes.add("Certificates are always checked: -k was left out.");
  if (name === "location") notes.add("Redirects are never followed: -L was left out, so write the address that answers by itself.");
  if (name === "cookie" || name === "cookie-jar") notes.add("Cookies belong to browsers; they were left out.");
}

function methodOf(given: readonly CurlOption[], hasBody: boolean): string {
  const asked = given.findLast(({ name }) => name === "request")?.value;
  if (asked !== undefined) return asked.toUpperCase();
  if (given.some(({ name }) => name === "head")) return "HEAD";
  return hasBody ? "POST" : "GET";
}

function readHeaders(given: readonly CurlOption[], reading: Reading): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const { name, value } of given) {
    if (name === "user-agent") headers["User-Agent"] = value;
    if (name === "json") Object.assign(headers, { "Content-Type": "application/json", Accept: "application/json" });
    if (name !== "header") continue;
    const colon = value.indexOf(":");
    if (colon === -1) continue;
    const header = value.slice(0, colon).trim();
    const said = value.slice(colon + 1).trim();
    if (said === "" || left.test(header)) continue;
    if (/^cookie2?$/i.test(header)) reading.notes.add("Cookies belong to browsers; they were left out.");
    else if (/^authorization$/i.test(header)) readAuthorization(said, reading);
    else if (isSecretName(header) || secretIn(said) !== undefined) takeSecret({ kind: "key", in: "header", name: header }, said, reading);
    else {
      const known = Object.keys(headers).find((each) => each.toLowerCase() === header.toLowerCase());
      headers[known ?? header] = said;
    }
  }
  return headers;
}

function readAuthorization(said: string, reading: Reading): void {
  const [, scheme = "", proof = ""] = /^(\S+)\s+(.*)$/.exec(said) ?? [];
  if (/^bearer$/i.test(scheme)) takeSecret({ kind: "bearer" }, proof, reading);
  else if (/^basic$/i.test(scheme)) takePair(Buffer.from(proof, "base64").toString(), reading);
  else throw wrong(`"${scheme || "This"}" is a way to prove who asks that an API call here hasn't; basic, bearer and keys are.`);
}

function readUser(given: readonly CurlOption[], reading: Reading): void {
  for (const { name, value } of given) {
    if (name === "user") takePair(value, reading);
    if (name === "oauth2-bearer") takeSecret({ kind: "bearer" }, value, reading);
  }
}

/** `name:password`; a name with nothing behind it is the secret itself, as with many payment services. */
function takePair(pair: string, reading: Reading): void {
  const colon = pair.indexOf(":");
  const user = colon === -1 ? pair : pair.slice(0, colon);
  const password = colon === -1 ? "" : pair.slice(colon + 1);
  if (password === "") takeSecret({ kind: "basic" }, user, reading);
  else takeSecret({ kind: "basic", ...(user === "" ? {} : { user }) }, password, reading);
}

function takeSecret(credential: Credential, secret: string, reading: Reading): void {
  if (reading.credential !== undefined) {
    reading.notes.add("It proves twice who asks, and an API call here has one credential: the second was left out.");
    return;
  }
  reading.credential = credential;
  // A variable of the shell is no secret, but where one belongs.
  if (/^(?:\$\w+|\$\{\w+\}|<[^>]*>|\{[^}]*\}|(?:your|my)[-_ ].*)$/i.test(secret))
    reading.notes.add("The secret stands there as a variable: give it to the credential.");
  else reading.secret = secret;
}

interface Data {
  text: string;
  isJson: boolean;
}

function dataOf(given: readonly CurlOption[]): Data | undefined {
  let data: Data | undefined;
  const add = (text: string, isJson: boolean) => {
    data = { text: data === undefined ? text : `${data.text}${isJson ? "" : "&"}${text}`, isJson };
  };
  for (const { name, value } of given) {
    if ((name === "data" || name === "data-ascii" || name === "data-binary" || name === "json") && value.startsWith("@"))
      throw wrong("The data comes from a file of the machine where this was written; paste what is in it.");
    if (name === "data" || name === "data-ascii" || name === "data-binary" || name === "data-raw") add(value, false);
    if (name === "json") add(value, true);
    if (name === "data-urlencode") add(urlEncoded(value), false);
  }
  return data;
}

/** `content`, `=content` and `name=content`, of which the content isn't encoded yet. */
function urlEncoded(value: string): string {
  const equals = value.indexOf("=");
  if (equals === -1 && value.includes("@"))
    throw wrong("The data comes from a file of the machine where this was written; paste what is in it.");
  if (equals <= 0) return encodeURIComponent(value.slice(equals + 1));
  return `${value.slice(0, equals)}=${encodeURIComponent(value.slice(equals + 1))}`;
}

function readUrl(written: string, added: readonly string[], reading: Reading): string {
  const [, scheme = "", authority = "", way = "", query = ""] = /^([a-z]+:\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(written) ?? [];
  const at = authority.lastIndexOf("@");
  if (at !== -1) takePair(decoded(authority.slice(0, at)), reading);
  const segments = way.split("/").map((segment, index, all) => readSegment(segment, all[index - 1], reading.suggestions));
  const pairs = [query, ...added].filter((each) => each !== "").flatMap((each) => each.split("&"));
  const kept = pairs.flatMap((pair) => readPair(pair, reading) ?? []);
  return `${scheme === "" ? "https://" : scheme}${authority.slice(at + 1)}${segments.join("/")}${kept.length === 0 ? "" : `?${kept.join("&")}`}`;
}

function readSegment(segment: string, before: string | undefined, { slot, declare }: Suggestions): string {
  const named = /^(?:\{(\w+)\}|:(\w+)|<([\w-]+)>|\$(\w+)|\$\{(\w+)\})$/
    .exec(segment)
    ?.slice(1)
    .find((name) => name !== undefined);
  if (named !== undefined) return declare({ name: named.toLowerCase(), type: "text", required: true }) ?? segment;
  const value = decoded(segment);
  const isId = /^\d+$|^[\da-f]{8}-[\da-f-]{27}$|^(?=.*\d)[\w-]{10,}$/i.test(value);
  return isId ? slot(idNameAfter(before), value) : segment;
}

function readPair(pair: string, reading: Reading): string | undefined {
  const equals = pair.indexOf("=");
  const name = equals === -1 ? pair : pair.slice(0, equals);
  const value = decoded(equals === -1 ? "" : pair.slice(equals + 1).replaceAll("+", " "));
  if (value === "") return pair;
  if (isSecretName(decoded(name)) || secretIn(value) !== undefined) {
    takeSecret({ kind: "key", in: "query", name: decoded(name) }, value, reading);
    return undefined;
  }
  return `${name}=${slotOr(reading.suggestions.slot(decoded(name), value), encodeURIComponent)}`;
}

/** What found no place among the parameters stays as it was, written as its place has it. */
function slotOr(text: string, write: (text: string) => string): string {
  return /^\{\{\w+\}\}$/.test(text) ? text : write(text);
}

function readBody({ text, isJson }: Data, headers: Record<string, string>, reading: Reading): Json | undefined {
  const typed = Object.entries(headers).find(([name]) => name.toLowerCase() === "content-type");
  const type = typed?.[1].split(";")[0]?.trim().toLowerCase();
  const json = /^\s*[[{]/.test(text) ? readJson(text) : undefined;
  if (json !== undefined && (isJson || type === undefined || /[/+]json$/.test(type))) {
    if (type === undefined) reading.notes.add("It says nothing of JSON, and has JSON in it: it is sent as that.");
    return slotted(json, "value", reading);
  }
  if (type === undefined || type === "application/x-www-form-urlencoded") {
    if (type === undefined) headers["Content-Type"] = "application/x-www-form-urlencoded";
    return text
      .split("&")
      .flatMap((pair) => readField(pair, reading) ?? [])
      .join("&");
  }
  return text;
}

function readField(pair: string, reading: Reading): string | undefined {
  const equals = pair.indexOf("=");
  if (equals === -1) return pair;
  const value = decoded(pair.slice(equals + 1).replaceAll("+", " "));
  if (value === "") return pair;
  const name = decoded(pair.slice(0, equals));
  refuseSecretIn(name, value);
  return `${pair.slice(0, equals)}=${slotOr(reading.suggestions.slot(name, value), encodeURIComponent)}`;
}

/** Texts, numbers and truths of objects become parameters; what lists hold directly stays. */
function slotted(json: Json, name: string, reading: Reading): Json {
  if (Array.isArray(json)) return json.map((item) => (typeof item === "object" ? slotted(item, name, reading) : item));
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(
    Object.entries(json).map(([member, value]) => {
      if (value === null || typeof value === "object") return [member, slotted(value, member, reading)];
      if (value === "") return [member, value];
      refuseSecretIn(member, String(value));
      const slot = reading.suggestions.slot(member, value, typeof value === "string" ? typeOfText(value) : undefined);
      return [member, slot.startsWith("{{") ? slot : value];
    }),
  );
}

function refuseSecretIn(name: string, value: string): void {
  if (isSecretName(name) || secretIn(value) !== undefined)
    throw new Refusal(
      "invalid_value",
      `"${name}" in the body seems to be a secret, and a credential is sent in a header or the query only; leave it out.`,
      { path: "curl" },
    );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
