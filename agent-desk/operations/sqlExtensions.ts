import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { MySQL, PostgreSQL, type SQLNamespace, sql } from "@codemirror/lang-sql";
import { bracketMatching, HighlightStyle, syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { Annotation, type Extension, type Range, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap, lineNumbers, MatchDecorator, ViewPlugin, WidgetType } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { DataSourceKind } from "../../src/protocol/dataSources.ts";
import type { Parameter } from "../../src/protocol/operations.ts";
import type { Fault } from "./kind.ts";
import { typeWords } from "./parameterWords.ts";
import { nameIn, type Table } from "./schema.ts";
import { sqlTheme } from "./sqlTheme.ts";

/** On a change that nobody typed. */
export const isFromOutside = Annotation.define<boolean>();

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--faint)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: tags.typeName, color: "var(--text)" },
]);

const written = new Set(["String", "LineComment", "BlockComment", "QuotedIdentifier"]);
const slotMark = Decoration.mark({ class: "cm-slot" });
const slotMarks = new MatchDecorator({
  regexp: /(?<!:):[A-Za-z_]\w*/g,
  decorate: (add, from, to, _match, view) => {
    if (!written.has(syntaxTree(view.state).resolveInner(from, 1).name)) add(from, to, slotMark);
  },
});
const slots = ViewPlugin.define(
  (view) => ({
    marks: slotMarks.createDeco(view),
    update(update) {
      this.marks = slotMarks.updateDeco(update, this.marks);
    },
  }),
  { decorations: ({ marks }) => marks },
);

const setFault = StateEffect.define<Fault | null>();
const faults = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marks, { effects, state, changes }) => {
    const set = effects.find((effect) => effect.is(setFault));
    return set === undefined ? marks.map(changes) : faultMarks(state.doc.toString(), set.value);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** The sentence under the line that it is about. It is heard from beside the editor. */
class FaultLine extends WidgetType {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override eq(other: WidgetType): boolean {
    return other instanceof FaultLine && other.#text === this.#text;
  }
  toDOM(): HTMLElement {
    const line = document.createElement("div");
    line.className = "cm-fault-line";
    line.setAttribute("aria-hidden", "true");
    line.appendChild(document.createElement("span")).textContent = this.#text;
    return line;
  }
}

function faultMarks(text: string, fault: Fault | null): DecorationSet {
  if (fault?.at === undefined) return Decoration.none;
  const { from, to } = faultRange(text, fault.at);
  const end = text.indexOf("\n", from);
  const marks: Range<Decoration>[] = to > from ? [Decoration.mark({ class: "cm-fault" }).range(from, to)] : [];
  const widget = Decoration.widget({ widget: new FaultLine(fault.text), block: true, side: 1 });
  return Decoration.set([...marks, widget.range(end === -1 ? text.length : end)], true);
}

/** The word at a character counted from 1, or the sign; behind the end it is the last one. In UTF-16 units. */
export function faultRange(text: string, character: number): { from: number; to: number } {
  const start = [...text].slice(0, Math.max(0, character - 1)).join("").length;
  const from = start >= text.length ? Math.max(0, text.trimEnd().length - 1) : start;
  const length = /^(?:[\p{L}\p{N}_$.]+|[\s\S])/u.exec(text.slice(from))?.[0].length ?? 0;
  return { from, to: from + length };
}

/** Marks it, and goes there. */
export function showFault(view: EditorView, fault: Fault | null): void {
  view.dispatch({ effects: setFault.of(fault) });
  if (fault?.at === undefined) return;
  const { from } = faultRange(view.state.doc.toString(), fault.at);
  view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
  view.focus();
}

export const sqlExtensions: Extension = [
  lineNumbers(),
  history(),
  bracketMatching(),
  closeBrackets(),
  autocompletion({ icons: false }),
  // Ctrl Enter tries it, and Tab goes on to the next field.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap]),
  syntaxHighlighting(colours),
  slots,
  faults,
  sqlTheme,
  EditorView.lineWrapping,
  EditorView.contentAttributes.of({ "aria-label": "SQL" }),
];

/** The words of a database, and of this query. */
export function sqlLanguage(kind: DataSourceKind, tables: readonly Table[], parameters: readonly Parameter[]): Extension {
  const dialect = kind === "mysql" ? MySQL : PostgreSQL;
  return [
    sql({ dialect, schema: namespaceOf(tables) }),
    dialect.language.data.of({ autocomplete: (context: CompletionContext) => slotCompletions(context, parameters) }),
  ];
}

function namespaceOf(tables: readonly Table[]): SQLNamespace {
  return Object.fromEntries(
    tables.map((table) => [nameIn(table), table.columns.map(({ name, type }) => ({ label: name, type: "property", detail: type }))]),
  );
}

function slotCompletions(context: CompletionContext, parameters: readonly Parameter[]): CompletionResult | null {
  const word = context.matchBefore(/(?<!:):\w*/);
  if (word === null) return null;
  const own = parameters.map(({ name, type }) => ({ label: `:${name}`, detail: typeWords[type] }));
  const ofSession = [
    { label: ":me", detail: "whoever runs it" },
    { label: ":team", detail: "their teams" },
    { label: ":tenant", detail: "this workspace" },
  ];
  return { from: word.from, options: [...own, ...ofSession], validFor: /^:\w*$/ };
}
