/** "Firefox 141 on Windows" of how a browser calls itself; what can't be read stays as it is, cut. */
export function browserName(userAgent: string): string {
  const browser = browsers.map(({ name, pattern }) => ({ name, version: pattern.exec(userAgent)?.[1] })).find(({ version }) => version);
  const system = systems.find(({ pattern }) => pattern.test(userAgent));
  if (browser === undefined) return userAgent.length <= 40 ? userAgent : `${userAgent.slice(0, 39)}…`;
  return `${browser.name} ${browser.version}${system === undefined ? "" : ` on ${system.name}`}`;
}

// In this order: most call themselves Chrome and Safari too.
const browsers = [
  { name: "Edge", pattern: /Edg(?:e|A|iOS)?\/(\d+)/ },
  { name: "Opera", pattern: /OPR\/(\d+)/ },
  { name: "Samsung Internet", pattern: /SamsungBrowser\/(\d+)/ },
  { name: "Firefox", pattern: /(?:Firefox|FxiOS)\/(\d+)/ },
  { name: "Chrome", pattern: /(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/ },
  { name: "Safari", pattern: /Version\/(\d+)[\d.]* .*Safari/ },
];
const systems = [
  { name: "Android", pattern: /Android/ },
  { name: "iOS", pattern: /iPhone|iPad/ },
  { name: "Windows", pattern: /Windows/ },
  { name: "macOS", pattern: /Mac OS X/ },
  { name: "ChromeOS", pattern: /CrOS/ },
  { name: "Linux", pattern: /Linux/ },
];

/** What time it is for them, with the place; null where the zone is none that this browser knows. */
export function timeThere(timeZone: string | null, nowMs: number, locale?: string): string | null {
  if (timeZone === null) return null;
  try {
    const time = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit", weekday: "short" }).format(nowMs);
    return `${time} (${timeZone.replace(/^.*\//, "").replaceAll("_", " ")})`;
  } catch {
    return null;
  }
}
