/** Numbers and times of a field as a language writes them. What is neither stays as it is. */
export function formsOf(locale: string): { number: (value: string) => string; time: (value: string) => string } {
  return {
    number: (value) => {
      if (!isNumeric(value)) return value;
      const places = value.split(".")[1]?.length ?? 0;
      return new Intl.NumberFormat(locale, { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
    },
    time: (value) => {
      const at = Date.parse(value);
      if (Number.isNaN(at) || !/^\d{4}-\d\d-\d\d/.test(value)) return value;
      const clock = value.includes("T") ? ({ hour: "2-digit", minute: "2-digit", timeZoneName: "short" } as const) : {};
      return new Intl.DateTimeFormat(locale, { year: "numeric", month: "2-digit", day: "2-digit", ...clock, timeZone: "UTC" }).format(at);
    },
  };
}

/** As a text all its digits are written (ECMA-402, 15.5.16), where a number would be rounded. */
function isNumeric(text: string): text is `${number}` {
  return /^-?\d{1,30}(\.\d{1,20})?$/.test(text);
}
