import { computed } from "@preact/signals";
import { route } from "../shell/route.ts";

export const dataLooks = ["table", "board", "gallery", "calendar", "trash"] as const;
export type DataLook = (typeof dataLooks)[number];

/** What the calendar shows; what isn't said is as this person had it last, and today. */
export interface CalendarPlace {
  /** The key of the field by whose days. */
  days?: string | undefined;
  span?: "month" | "week" | undefined;
  /** One that is in sight: `2026-11-22`. */
  day?: string | undefined;
}

/** Of what a blueprint consists. */
export type BlueprintPart = "fields" | "flow";

export type DataPlace =
  | { page: "list" }
  | { page: "newBlueprint"; part: BlueprintPart }
  | { page: "blueprint"; key: string; part: BlueprintPart }
  /** `id` is of an import; null where a file is chosen. */
  | { page: "import"; key: string; id: string | null }
  /** `entity` is an id, or `new`; null where none is open. */
  | { page: "entities"; key: string; look: DataLook; calendar: CalendarPlace; entity: string | null };

export const dataAddress = "#/data";
/** No key of a blueprint and no id begins with a plus. */
export const newBlueprintAddress = `${dataAddress}/+new`;

/** Without a key, of the one that is being made. */
export function blueprintAddress(key: string | null, part: BlueprintPart = "fields"): string {
  const suffix = part === "flow" ? "/+flow" : "";
  return key === null ? `${newBlueprintAddress}${suffix}` : `${dataAddress}/${key}/+blueprint${suffix}`;
}

export function importAddress(key: string, id?: string): string {
  return `${dataAddress}/${key}/+import${id === undefined ? "" : `/${id}`}`;
}

/** `#/data/deliveries/+calendar:due:week:2026-11-22/<id>`: of the calendar each part may be missing, and those behind it. */
export function entitiesAddress(
  key: string,
  look: DataLook = "table",
  entity: string | null = null,
  { days, span, day }: CalendarPlace = {},
): string {
  const said = [days, days && span, days && span && day].filter((part) => part !== undefined);
  const shownAs = look === "table" ? null : [`+${look}`, ...(look === "calendar" ? said : [])].join(":");
  const parts = [key, shownAs, entity === "new" ? "+new" : entity];
  return `${dataAddress}/${parts.filter((part) => part !== null).join("/")}`;
}

/** The pages of blueprints and their entities take the inbox's place: undefined where they aren't there. */
export const dataShown = computed<DataPlace | undefined>(() => {
  route.value;
  const [page, key = "", ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  if (page !== "data") return undefined;
  if (key === "") return { page: "list" };
  const part = rest.at(-1) === "+flow" ? "flow" : "fields";
  if (key === "+new") return { page: "newBlueprint", part };
  if (rest[0] === "+import") return { page: "import", key, id: rest[1] ?? null };
  if (rest[0] === "+blueprint") return { page: "blueprint", key, part };
  const [word, days, span, day] = rest[0]?.split(":") ?? [];
  const look = dataLooks.find((one) => word === `+${one}`);
  const entity = (look === undefined ? rest[0] : rest[1]) ?? "";
  return {
    page: "entities",
    key,
    look: look ?? "table",
    calendar: { days, span: span === "month" || span === "week" ? span : undefined, day: isDay(day) ? day : undefined },
    entity: entity === "" ? null : entity === "+new" ? "new" : entity,
  };
});

function isDay(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
