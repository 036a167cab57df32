import { Graph, layout } from "@dagrejs/dagre";
import type { Flow } from "../../../src/protocol/blueprints.ts";

export interface Box {
  id: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

export const stateId = (state: string) => `state ${state}`;
export const stepId = (key: string) => `step ${key}`;

/** In pixels; a letter is one of the state's bold capitals, or of a step's name. */
const sizes = { state: { height: 40, letter: 9.6, padding: 44 }, step: { height: 30, letter: 7.6, padding: 36 } };
const widest = 260;

/** Where the states and the steps between them stand, each by its upper left corner; along the page, or down it where it is narrow. */
export function placed({ states, transitions }: Pick<Flow, "states" | "transitions">, isNarrow: boolean): Map<string, Box> {
  const graph = new Graph();
  graph.setGraph({ rankdir: isNarrow ? "TB" : "LR", nodesep: 26, ranksep: 44, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  const sized = (kind: keyof typeof sizes, text: string) => {
    const { height, letter, padding } = sizes[kind];
    return { width: Math.min(widest, padding + text.length * letter), height };
  };
  for (const state of states) graph.setNode(stateId(state), sized("state", state));
  for (const { key, name, from, to } of transitions) {
    graph.setNode(stepId(key), sized("step", name));
    for (const one of from) if (states.includes(one)) graph.setEdge(stateId(one), stepId(key));
    if (states.includes(to)) graph.setEdge(stepId(key), stateId(to));
  }
  layout(graph);
  return new Map(
    graph.nodes().map((id): [string, Box] => {
      const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id);
      return [id, { id, x: x - width / 2, y: y - height / 2, width, height }];
    }),
  );
}
