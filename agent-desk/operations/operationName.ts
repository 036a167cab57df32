import { keyFrom } from "../settings/fields.tsx";

/** What is typed becomes a name at once, but for its end, which may go on: "Late orders" is `late-orders`. */
export function asName(written: string): string {
  const end = /[\s-]$/.test(written) ? "-" : "";
  const [group = "", rest] = written.split(".");
  if (rest !== undefined) return `${keyFrom(group)}.${keyFrom(rest)}${rest === "" ? "" : end}`;
  const name = keyFrom(written);
  return name === "" ? "" : `${name}${end}`;
}
