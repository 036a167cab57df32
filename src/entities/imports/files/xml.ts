import type { Readable } from "node:stream";
import { SaxesParser } from "saxes";
import { Refusal } from "../../../protocol/refusal.ts";
import { broken } from "./zipParts.ts";

/** What is heard of an XML document; names are without their prefix. */
export interface XmlEars {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

/** Reads a document piece by piece, and yields after each: what was heard until then can be handed on. It knows no entities but XML's own five. */
export async function* readXml(stream: Readable, ears: XmlEars): AsyncGenerator<void> {
  const parser = new SaxesParser();
  let fault: unknown;
  parser.on("error", (error) => {
    fault ??= error;
  });
  parser.on("opentag", ({ name, attributes }) => ears.open?.(local(name), attributes));
  parser.on("text", (text) => ears.text?.(text));
  parser.on("cdata", (text) => ears.text?.(text));
  parser.on("closetag", ({ name }) => ears.close?.(local(name)));
  const decoder = new TextDecoder();
  try {
    for await (const bytes of stream) {
      parser.write(decoder.decode(bytes, { stream: true }));
      if (fault !== undefined) throw fault;
      yield;
    }
    parser.close();
    if (fault !== undefined) throw fault;
    yield;
  } catch (error) {
    throw error instanceof Refusal ? error : broken(error);
  } finally {
    stream.destroy();
  }
}

/** The whole of a small document. */
export async function readAllXml(stream: Readable, ears: XmlEars): Promise<void> {
  for await (const _piece of readXml(stream, ears));
}

function local(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
