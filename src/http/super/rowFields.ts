import { type ColumnChange, textOf } from "../../access/super/superTables.ts";
import type { Column } from "../../access/super/tableCatalogueStore.ts";
import { type Html, html } from "../../platform/mail/html.ts";
import { Refusal } from "../../protocol/refusal.ts";
import { valueIn } from "./superDoor.ts";

/** A column of a row, as its type wants to be written, with what was typed if that was refused; what is wrong with it stands below. */
export function fieldOfColumn(column: Column, held: unknown, wrong: string | undefined, typed: string | null | undefined): Html {
  const { name, type, secret, changeable, nullable } = column;
  const value = textOf(held);
  const shown = typed === undefined ? value : typed;
  const label = html`${name} <span class="muted">${type}</span>`;
  if (secret) return html`<p class="field"><b>${label}</b><span>kept secret</span></p>`;
  if (!changeable) return html`<p class="field"><b>${label}</b><code>${value ?? "none"}</code></p>`;
  const marks = wrong === undefined ? html`` : html` aria-invalid="true" aria-describedby="${name}-wrong"`;
  const none = nullable
    ? html`<span><label><input type="checkbox" name="none:${name}" value="yes"${shown === null ? html` checked` : html``}> none</label></span>`
    : html``;
  return html`<p class="field"><label for="${name}">${label}</label>${control(column, shown ?? "", marks)}<input type="hidden" name="was:${name}" value="${JSON.stringify(value)}">${none}${wrong === undefined ? html`` : html`<span class="wrong" id="${name}-wrong" role="alert">${wrong}</span>`}</p>`;
}

function control({ name, type }: Column, value: string, marks: Html): Html {
  const at = html` id="${name}" name="set:${name}"${marks}`;
  if (type === "boolean")
    return html`<select${at}>${["true", "false"].map((each) => html`<option${each === value ? html` selected` : html``}>${each}</option>`)}</select>`;
  if (/^(smallint|integer|bigint)$/.test(type)) return html`<input type="number" step="1" value="${value}"${at}>`;
  if (/^(real|double|numeric)/.test(type)) return html`<input type="number" step="any" value="${value}"${at}>`;
  if (/^(uuid|date|time|inet|interval)/.test(type)) return html`<input value="${value}" autocomplete="off"${at}>`;
  // A browser drops the first line break of a text area; this one is not the value's.
  return html`<textarea rows="${value.length > 80 ? 4 : 1}"${at}>
${value}</textarea>`;
}

/**
 * `set:<column>` is a value, `none:<column>` takes it away, `was:<column>` is what the page had, as JSON; a column that is as it was isn't given, so
 * that a page which was open for a while changes nothing but what was changed on it. Browsers send line breaks as CR LF.
 */
export function givenIn(body: unknown): Map<string, ColumnChange> {
  if (typeof body !== "object" || body === null) throw new Refusal("invalid_value", "Nothing was sent.");
  const given = new Map<string, ColumnChange>();
  for (const name of Object.keys(body)) {
    if (!name.startsWith("set:")) continue;
    const column = name.slice(4);
    const value = Reflect.has(body, `none:${column}`) ? null : oneBreak(valueIn(body, name));
    const was = Reflect.has(body, `was:${column}`) ? readWas(valueIn(body, `was:${column}`)) : undefined;
    const same = was === value || (typeof was === "string" && value === oneBreak(was));
    if (!same) given.set(column, { value, was });
  }
  return given;
}

function oneBreak(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

function readWas(written: string): string | null | undefined {
  try {
    const was: unknown = JSON.parse(written);
    return typeof was === "string" || was === null ? was : undefined;
  } catch {
    return undefined;
  }
}
