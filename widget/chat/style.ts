let root: ShadowRoot | undefined;

/** Where the chat is drawn. */
export function styleIn(shadow: ShadowRoot, css: string): void {
  root = shadow;
  addStyle(css);
}

/** What a part that came later looks like. Constructed sheets are allowed where the site's policy forbids inline styles. */
export function addStyle(css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  if (root !== undefined) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}
