import { Compartment } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "preact/hooks";
import type { DataSourceKind } from "../../src/protocol/dataSources.ts";
import type { Parameter } from "../../src/protocol/operations.ts";
import parts from "../look/parts.module.css";
import { Wrong } from "../look/Wrong.tsx";
import type { Fault } from "./kind.ts";
import styles from "./QueryEditor.module.css";
import type { Table } from "./schema.ts";
import { isFromOutside, showFault, sqlExtensions, sqlLanguage } from "./sqlExtensions.ts";

export interface EditorHandle {
  /** Writes it where the caret is, and stays there. */
  insert: (text: string) => void;
}

interface SqlLook {
  value: string;
  kind: DataSourceKind;
  tables: readonly Table[];
  parameters: readonly Parameter[];
  fault: Fault | null;
  handle: { current: EditorHandle | null };
  onInput: (value: string) => void;
}

/** SQL with its colours, completion of tables, columns and parameters, and the place of what was refused. Tab leaves it. */
export default function SqlEditor({ value, kind, tables, parameters, fault, handle, onInput }: SqlLook) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const language = useRef(new Compartment());
  const told = useRef(onInput);
  told.current = onInput;
  /** Told, and not heard back yet: while somebody types, the page is some letters behind, and must not bring them back. */
  const underWay = useRef(new Set<string>());

  useEffect(() => {
    if (host.current === null) return;
    // In a shadow root its style sheet is adopted, which the content policy of the page allows; a style element it refuses.
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root,
      doc: value,
      extensions: [
        sqlExtensions,
        language.current.of(sqlLanguage(kind, tables, parameters)),
        EditorView.updateListener.of(({ docChanged, transactions, state }) => {
          if (!docChanged || transactions.some((one) => one.annotation(isFromOutside))) return;
          const text = state.doc.toString();
          underWay.current.add(text);
          told.current(text);
        }),
      ],
    });
    view.current = editor;
    handle.current = {
      insert: (text) => {
        editor.dispatch(editor.state.replaceSelection(text));
        editor.focus();
      },
    };
    return () => {
      editor.destroy();
      view.current = null;
      handle.current = null;
    };
  }, [handle]);

  useEffect(() => {
    const editor = view.current;
    if (editor === null) return;
    if (editor.state.doc.toString() === value) return underWay.current.clear();
    if (underWay.current.has(value)) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value }, annotations: isFromOutside.of(true) });
  }, [value]);

  const names = parameters.map(({ name }) => name).join(" ");
  useEffect(() => {
    view.current?.dispatch({ effects: language.current.reconfigure(sqlLanguage(kind, tables, parameters)) });
  }, [kind, tables, names]);

  useEffect(() => {
    if (view.current !== null) showFault(view.current, fault);
  }, [fault]);

  const isPlaced = fault?.at !== undefined;
  return (
    <div class={parts.labelled}>
      <span class={styles.label} aria-hidden="true">
        SQL
      </span>
      <div class={styles.editor} ref={host} data-invalid={fault !== null} />
      <p class={parts.hint}>:region asks for a value, [[and region = :region]] is left out where there is none. :me is whoever runs it.</p>
      {/* What has its place in the text is told there too. */}
      <div class={isPlaced ? parts.hidden : undefined}>
        <Wrong>{fault?.text}</Wrong>
      </div>
    </div>
  );
}
