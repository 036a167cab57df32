/** HTML that is finished: everything in it that came from outside was escaped. */
export interface Html {
  readonly html: string;
}

/** Escapes what is filled in, unless it is `Html` itself: html`<p>${text}</p>`. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html | readonly Html[])[]): Html {
  return { html: parts.map((part, index) => part + written(values[index])).join("") };
}

function written(value: string | number | Html | readonly Html[] | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string" || typeof value === "number") return escaped(String(value));
  return "html" in value ? value.html : value.map((each) => each.html).join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

/** A text with its line breaks. */
export function lines(text: string): Html {
  return { html: text.split("\n").map(escaped).join("<br>") };
}

/** A whole mail: mail programs know no style sheets, so that the styles stand at the elements. */
export function mailPage(language: string, subject: string, content: readonly Html[]): string {
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${subject}</title></head>
<body style="margin:0;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#14171c;background:#ffffff">
<div style="max-width:600px">
${content}
</div>
</body>
</html>
`.html;
}
