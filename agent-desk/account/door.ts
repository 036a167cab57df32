import { signal } from "@preact/signals";

/** What somebody may open without being signed in. A mailed link's token stands behind the `#`, which reaches no server. */
export type Door =
  | { page: "register" }
  | { page: "forgot" }
  | { page: "sso" }
  | { page: "link"; purpose: string; token: string }
  /** What a provider sent the browser back with, and where. */
  | { page: "returned"; place: string; answer: string };

export const door = signal<Door | null>(readReturn(location) ?? readDoor(location.hash));

addEventListener("hashchange", () => {
  door.value = readDoor(location.hash);
});

/** Back to the desk, or to its sign-in; a used token doesn't stay in the address. */
export function leaveDoor(to = "#/"): void {
  history.replaceState(null, "", to);
  // Whoever shows places of the desk hears of no replaced address.
  dispatchEvent(new HashChangeEvent("hashchange"));
  door.value = null;
}

/** A provider's answer stands in the address, from where it goes at once: it counts once, and is nobody's to see. */
function readReturn({ pathname, search }: Location): Door | null {
  const [, place] = /^\/desk\/signed-in\/([\w-]{1,60})$/.exec(pathname) ?? [];
  if (place === undefined) return null;
  history.replaceState(null, "", "/desk");
  return { page: "returned", place, answer: search };
}

function readDoor(hash: string): Door | null {
  const [page, purpose, token] = hash.replace(/^#\/?/, "").split("/");
  if (page === "register" || page === "forgot" || page === "sso") return { page };
  return page === "link" && purpose !== undefined && token !== undefined ? { page, purpose, token } : null;
}
