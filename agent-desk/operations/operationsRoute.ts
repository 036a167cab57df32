import { computed } from "@preact/signals";
import { type OperationKind, operationKinds } from "../../src/protocol/operations.ts";
import { route } from "../shell/route.ts";

export type OperationsPlace = { page: "list" } | { page: "new"; kind: OperationKind | null } | { page: "one"; name: string };

export const operationsAddress = "#/operations";

/** No operation's name begins with a plus. */
export function newOperationAddress(kind: OperationKind | "" = ""): string {
  return `${operationsAddress}/+${kind}`;
}

export function operationAddress(name: string): string {
  return `${operationsAddress}/${name}`;
}

/** The page of operations takes the inbox's place: undefined where it isn't there. */
export const operationsShown = computed<OperationsPlace | undefined>(() => {
  route.value;
  const [page, place = ""] = location.hash.replace(/^#\/?/, "").split("/");
  if (page !== "operations") return undefined;
  if (place === "") return { page: "list" };
  if (!place.startsWith("+")) return { page: "one", name: decodeURIComponent(place) };
  return { page: "new", kind: operationKinds.find((kind) => kind === place.slice(1)) ?? null };
});
