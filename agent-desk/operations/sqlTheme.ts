import { EditorView } from "@codemirror/view";

/** In the colours of the desk, whichever of its themes is on. */
export const sqlTheme = EditorView.theme({
  "&": { color: "var(--text)", background: "none", fontSize: "13px", minHeight: "160px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", minHeight: "160px", maxHeight: "420px" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 10px 0 4px" },
  ".cm-gutters": { background: "none", border: "0", color: "var(--faint)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "34px", padding: "0 8px 0 4px" },
  ".cm-slot": { color: "var(--warn)", background: "var(--warn-soft)", borderRadius: "3px", padding: "0 1px" },
  ".cm-fault": { textDecoration: "underline wavy var(--bad)", textUnderlineOffset: "3px", background: "var(--bad-soft)" },
  ".cm-fault-line": {
    padding: "1px 10px 3px 4px",
    color: "var(--bad)",
    fontFamily: "var(--font)",
    lineHeight: "18px",
    whiteSpace: "normal",
  },
  ".cm-fault-line > span": { display: "block", padding: "2px 8px", borderRadius: "4px", background: "var(--bad-soft)" },
  "&.cm-focused .cm-matchingBracket": { background: "var(--accent-soft)" },
  "& ::selection": { background: "light-dark(#cdd9ff, #34447c)" },
  ".cm-tooltip": {
    border: "0",
    borderRadius: "var(--radius)",
    background: "var(--raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow-2)",
    overflow: "hidden",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "12.5px", maxHeight: "220px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 10px", lineHeight: "20px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent-soft)", color: "var(--text)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionDetail": { color: "var(--muted)", fontStyle: "normal", fontFamily: "var(--font)", fontSize: "12px" },
});
