import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { DeskState } from "../live/deskState.ts";

export const DeskContext = createContext<DeskState | null>(null);

/** The signed-in agent's desk. Below `Desk` it is always there. */
export function useDesk(): DeskState {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error("There is no desk around this part of the page.");
  return desk;
}
