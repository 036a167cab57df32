import { computed } from "@preact/signals";
import { route } from "../shell/route.ts";

export type DataLook = "table" | "board" | "trash";

/** Of what a blueprint consists. */
export type BlueprintPart = "fields" | "flow";

export type DataPlace =
  | { page: "list" }
  | { page: "newBlueprint"; part: BlueprintPart }
  | { page: "blueprint"; key: string; part: BlueprintPart }
  /** `id` is of an import; null where a file is chosen. */
  | { page: "import"; key: string; id: string | null }
  /** `entity` is an id, or `new`; null where none is open. */
  | { page: "entities"; key: string; look: DataLook; entity: string | null };

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

export function entitiesAddress(key: string, look: DataLook = "table", entity: string | null = null): string {
  const parts = [key, look === "table" ? null : `+${look}`, entity === "new" ? "+new" : entity];
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
  const look = rest[0] === "+board" || rest[0] === "+trash" ? rest[0] : undefined;
  const entity = (look === undefined ? rest[0] : rest[1]) ?? "";
  return {
    page: "entities",
    key,
    look: look === "+board" ? "board" : look === "+trash" ? "trash" : "table",
    entity: entity === "" ? null : entity === "+new" ? "new" : entity,
  };
});
