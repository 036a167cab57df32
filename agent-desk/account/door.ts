import { signal } from "@preact/signals";

/** What somebody may open without being signed in. A mailed link's token stands behind the `#`, which reaches no server. */
export type Door = { page: "register" } | { page: "forgot" } | { page: "link"; purpose: string; token: string };

export const door = signal<Door | null>(readDoor(location.hash));

addEventListener("hashchange", () => {
  door.value = readDoor(location.hash);
});

/** Back to the desk, or to its sign-in; a used token doesn't stay in the address. */
export function leaveDoor(): void {
  history.replaceState(null, "", "#/");
  door.value = null;
}

function readDoor(hash: string): Door | null {
  const [page, purpose, token] = hash.replace(/^#\/?/, "").split("/");
  if (page === "register" || page === "forgot") return { page };
  return page === "link" && purpose !== undefined && token !== undefined ? { page, purpose, token } : null;
}
