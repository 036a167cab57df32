import type { Dialect } from "./dialect.ts";
import { QueryFault } from "./queryFault.ts";
import { cutTokens, type Token } from "./tokens.ts";

/** A query with its slots: `:name`, and `[[…]]` around what is dropped where a value in it was left out. */
export interface QueryText {
  pieces: readonly Piece[];
}

export type Piece = TextPiece | SlotPiece | OptionalPiece;

export interface TextPiece {
  kind: "text";
  text: string;
  at: number;
}

export interface SlotPiece {
  kind: "slot";
  name: string;
  at: number;
  /** Of a slot that stands alone behind `in` or `not in`, as a list must: the test in whole, from `in` to the closing parenthesis. */
  test?: { negated: boolean };
}

export interface OptionalPiece {
  kind: "optional";
  pieces: readonly (TextPiece | SlotPiece)[];
  at: number;
}

/** What a query may be long, in UTF-16 units, and how deep its parentheses may go: parsers recurse. */
const unitsAtMost = 20_000;
const depthAtMost = 60;

/**
 * Reads a query's text. Comments become spaces, so that no parser and no server disagrees about what one is; a semicolon at the end goes.
 * Slots are never found in strings, comments, casts or quoted names. Throws a `QueryFault`.
 */
export function readQueryText(dialect: Dialect, text: string): QueryText {
  if (text.length > unitsAtMost) throw new QueryFault(`A query has at most ${unitsAtMost} characters`);
  const tokens = withoutEnd(cutTokens(dialect, text));
  if (tokens.every(({ kind }) => kind === "space" || kind === "comment")) throw new QueryFault("The query is empty");
  refuseDepth(tokens);
  const pieces: Piece[] = [];
  let inside: (TextPiece | SlotPiece)[] | undefined;
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token === undefined) continue;
    if (token.kind === "symbol" && token.text === "[[") {
      if (inside !== undefined) throw new QueryFault("An optional part can't stand in another", token.from);
      inside = [];
      pieces.push({ kind: "optional", pieces: inside, at: token.from });
      continue;
    }
    if (token.kind === "symbol" && token.text === "]]") {
      if (inside?.every(({ kind }) => kind === "text"))
        throw new QueryFault("An optional part needs a :name in it; this one ends", token.from);
      inside = undefined;
      continue;
    }
    const list = listTest(tokens, index);
    (inside ?? pieces).push(list?.piece ?? pieceOf(token));
    if (list !== undefined) index = list.last;
  }
  const open = pieces.at(-1);
  if (inside !== undefined && open !== undefined) throw new QueryFault("The optional part has no ]]; it begins", open.at);
  return { pieces };
}

/** Every slot of a text, in its order. */
export function slotsOf({ pieces }: QueryText): SlotPiece[] {
  return pieces.flatMap((piece) => (piece.kind === "optional" ? piece.pieces : [piece])).filter((piece) => piece.kind === "slot");
}

function pieceOf({ kind, text, from }: Token): TextPiece | SlotPiece {
  if (kind === "slot") return { kind: "slot", name: text.slice(1), at: from };
  return { kind: "text", text: kind === "comment" ? text.replace(/[^\r\n]/gu, " ") : text, at: from };
}

/** `in (:ids)` or `not in (:ids)` that begins here. */
function listTest(tokens: readonly Token[], first: number): { piece: SlotPiece; last: number } | undefined {
  let index = first;
  const next = () => {
    while (tokens[index]?.kind === "space" || tokens[index]?.kind === "comment") index += 1;
    const token = tokens[index];
    index += 1;
    return token;
  };
  const begin = next();
  const negated = isWord(begin, "not");
  if (tokens[first] !== begin || !(negated ? isWord(next(), "in") : isWord(begin, "in"))) return undefined;
  const [opening, slot, closing] = [next(), next(), next()];
  if (opening?.text !== "(" || slot?.kind !== "slot" || closing?.text !== ")") return undefined;
  return { piece: { kind: "slot", name: slot.text.slice(1), at: slot.from, test: { negated } }, last: index - 1 };
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === "word" && token.text.toLowerCase() === word;
}

function withoutEnd(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.findLastIndex(({ kind, text }) => kind !== "space" && kind !== "comment" && text !== ";");
  return last < 0 ? [] : tokens.slice(0, last + 1);
}

function refuseDepth(tokens: readonly Token[]): void {
  let depth = 0;
  let signs = 0;
  for (const { kind, text, from } of tokens) {
    if (kind === "symbol" && (text === "(" || text === "[")) depth += 1;
    if (kind === "symbol" && (text === ")" || text === "]")) depth -= 1;
    if (kind === "word" && /^case$/i.test(text)) depth += 1;
    if (kind === "word" && /^end$/i.test(text)) depth -= 1;
    // `not not not …` and `- - - …` go deeper without a parenthesis.
    if (kind === "word" ? /^not$/i.test(text) : kind === "symbol" && /^[-+~!]$/.test(text)) signs += 1;
    else if (kind !== "space" && kind !== "comment") signs = 0;
    if (depth > depthAtMost || signs > depthAtMost) throw new QueryFault(`A query may be ${depthAtMost} levels deep; found more`, from);
  }
}
