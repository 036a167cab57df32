import type { HTMLAttributes, Ref } from "preact";

/** A part of a grid, by its role: rows that come and go as one scrolls, and columns that stay in sight, are no `<table>`. */
export function Part({
  box,
  ...look
}: HTMLAttributes<HTMLDivElement> & { role: "grid" | "row" | "columnheader" | "gridcell"; box?: Ref<HTMLDivElement> }) {
  return <div ref={box ?? null} {...look} />;
}
