import { parse } from "yaml";
import { z } from "zod";
import { Refusal } from "../../../protocol/refusal.ts";

/** A part of a document that is read as it comes: what it may have is asked for where it is used. */
export type Part = Readonly<Record<string, unknown>>;

const longest = 4_000_000;
const looksAtMost = 20_000;
const methods = ["get", "head", "post", "put", "patch", "delete"] as const;

/** An operation of an OpenAPI document that can become an API call. */
export interface ListedOperation {
  method: string;
  path: string;
  summary: string;
}

export interface Document {
  root: Part;
  /** What a part refers to within the document (`$ref`), if it does. */
  follow(part: unknown): Part;
}

/**
 * Reads an OpenAPI 3 or Swagger 2 document, JSON or YAML. It isn't validated: of what is asked for, only what it has is taken. A `$ref` that leads
 * out of the document is refused, wherever it stands, for nothing is fetched. Refusal `invalid_value` (`document`).
 */
export function readDocument(text: string): Document {
  if (text.length > longest) throw wrong("The document is larger than 4 MB.");
  const root = asPart(parsed(text));
  if (typeof root["openapi"] !== "string" && root["swagger"] !== "2.0") throw wrong("This is no OpenAPI 3 or Swagger 2 document.");
  refuseForeign(root);
  let looks = 0;
  const follow = (part: unknown): Part => {
    // Some lines of text can make a tree of millions of parts.
    if (++looks > looksAtMost) throw wrong("This operation takes too much of the document together; write it by hand.");
    let here = asPart(part);
    for (let steps = 0; typeof here["$ref"] === "string"; steps++) {
      if (steps > 20) throw wrong(`"${here["$ref"]}" refers to itself.`);
      here = asPart(pointed(root, here["$ref"]));
    }
    return here;
  };
  return { root, follow };
}

function parsed(text: string): unknown {
  try {
    // An alias that is used a hundred times is a bomb and no document.
    return /^\s*\{/.test(text) ? JSON.parse(text) : parse(text, { maxAliasCount: 100, logLevel: "error" });
  } catch (error) {
    throw wrong(
      `The document can't be read: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : "it is no JSON and no YAML"}`,
    );
  }
}

function refuseForeign(root: Part): void {
  const seen = new Set<unknown>([root]);
  for (const here of seen) {
    if (typeof here !== "object" || here === null) continue;
    for (const [name, value] of Object.entries(here)) {
      if (name === "$ref" && typeof value === "string" && !value.startsWith("#"))
        throw wrong(
          `"${value.slice(0, 100)}" leads out of the document, and nothing is fetched; paste a document that has everything in it.`,
        );
      seen.add(value);
    }
  }
}

/** RFC 6901, as a fragment. */
function pointed(root: Part, reference: string): unknown {
  let here: unknown = root;
  for (const step of reference.slice(1).split("/").slice(1)) {
    const name = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, name))
      throw wrong(`"${reference.slice(0, 100)}" is nowhere in the document.`);
    here = Reflect.get(here, name);
  }
  return here;
}

const part = z.record(z.string(), z.unknown());

/** Nothing, where there is no object. */
export function asPart(value: unknown): Part {
  return part.safeParse(value).data ?? {};
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

/** What of it can become an API call, in its order. */
export function listOperations({ root, follow }: Document): ListedOperation[] {
  return Object.entries(asPart(root["paths"])).flatMap(([path, item]) => {
    const known = follow(item);
    return methods.flatMap((method) => {
      if (known[method] === undefined) return [];
      const { summary, operationId, description } = follow(known[method]);
      return [
        {
          method: method.toUpperCase(),
          path,
          summary: (asText(summary) ?? asText(description) ?? asText(operationId) ?? path).slice(0, 200),
        },
      ];
    });
  });
}

export function wrong(message: string): Refusal {
  return new Refusal("invalid_value", message, { path: "document" });
}
