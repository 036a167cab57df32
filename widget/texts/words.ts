/** `1,234` as the language writes it. */
export function number(language: string, value: number): string {
  return value.toLocaleString(language);
}

/** The form that goes with the count; languages here have one and other, French with zero as one. */
export function plural(language: string, count: number, forms: { one: string; other: string }): string {
  return new Intl.PluralRules(language).select(count) === "one" ? forms.one : forms.other;
}
