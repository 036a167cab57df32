import { type ComponentChildren, h, type JSX } from "preact";

interface IconData {
  node: [string, Record<string, string>][];
}

interface IconProps {
  size?: number;
  strokeWidth?: number;
  children?: ComponentChildren;
}

/**
 * Stands in for `createLucideIcon` in the chat's build: the same drawings, without the library's context, names and sizes by it,
 * which cost more than all the drawings together.
 */
export default function createIcon({ node }: IconData) {
  return ({ size = 24, strokeWidth = 2, children, ...more }: IconProps): JSX.Element =>
    h(
      "svg",
      {
        width: size,
        height: size,
        viewBox: "0 0 24 24",
        fill: "none",
        stroke: "currentColor",
        "stroke-width": strokeWidth,
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
        ...more,
      },
      node.map(([tag, attributes]) => h(tag, attributes)),
      children,
    );
}
