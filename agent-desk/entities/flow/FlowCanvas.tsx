import {
  BaseEdge,
  type Edge,
  getBezierPath,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  ReactFlowProvider,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { useMemo } from "preact/hooks";
import type { Flow } from "../../../src/protocol/blueprints.ts";
import styles from "./Flow.module.css";
import { placed, stateId, stepId } from "./layout.ts";

interface CanvasLook {
  flow: Flow;
  /** The state in which a new one begins. */
  first: string | undefined;
  /** The key of the step that is open. */
  open: string | null;
  /** Where a simulation stands. */
  at: string | null;
  wrong: ReadonlySet<string>;
  isNarrow: boolean;
  onOpen: (key: string) => void;
  onConnect: (from: string, to: string) => void;
}

type StateNode = Node<{ state: string; isFirst: boolean; isAt: boolean; isNarrow: boolean }, "state">;
type StepNode = Node<{ name: string; isOpen: boolean; isWrong: boolean; isNarrow: boolean }, "step">;

/** The states and the steps between them, drawn; a line that is drawn from state to state is a new step. */
export function FlowCanvas({ flow, first, open, at, wrong, isNarrow, onOpen, onConnect }: CanvasLook) {
  const { nodes, edges } = useMemo(() => {
    const boxes = placed(flow, isNarrow);
    const common = (id: string) => {
      const box = boxes.get(id);
      return { id, position: { x: box?.x ?? 0, y: box?.y ?? 0 }, width: box?.width ?? 0, height: box?.height ?? 0, draggable: false };
    };
    const states = flow.states.map(
      (state): StateNode => ({
        ...common(stateId(state)),
        type: "state",
        data: { state, isFirst: state === (first ?? flow.states[0]), isAt: state === at, isNarrow },
        selectable: false,
        focusable: false,
      }),
    );
    const steps = flow.transitions.map(
      ({ key, name }): StepNode => ({
        ...common(stepId(key)),
        type: "step",
        data: { name, isOpen: key === open, isWrong: wrong.has(key), isNarrow },
        ariaLabel: `Step ${name}`,
        focusable: false,
      }),
    );
    const lines = flow.transitions.flatMap(({ key, from, to }): Edge[] => [
      ...from.map((one) => lineOf(stateId(one), stepId(key), false, key === open)),
      lineOf(stepId(key), stateId(to), true, key === open),
    ]);
    return { nodes: [...states, ...steps], edges: lines };
  }, [flow, first, open, at, wrong, isNarrow]);
  return (
    <div class={styles.canvas} data-narrow={isNarrow}>
      <ReactFlowProvider>
        <ReactFlow
          // What is laid out anew is shown whole.
          key={`${isNarrow} ${flow.states.length} ${flow.transitions.map(({ from, to }) => `${from.length}${to}`).join(" ")}`}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          fitView
          fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
          minZoom={0.2}
          maxZoom={1.5}
          nodesDraggable={false}
          elementsSelectable={false}
          edgesFocusable={false}
          nodesFocusable={false}
          deleteKeyCode={null}
          preventScrolling={false}
          zoomOnScroll={false}
          proOptions={{ hideAttribution: true }}
          isValidConnection={({ source, target }) => source.startsWith("state ") && target.startsWith("state ")}
          onNodeClick={(_, node) => node.type === "step" && onOpen(node.id.slice("step ".length))}
          onConnect={({ source, target }) => onConnect(source.slice("state ".length), target.slice("state ".length))}
        />
      </ReactFlowProvider>
    </div>
  );
}

function lineOf(source: string, target: string, isArrow: boolean, isOpen: boolean): Edge {
  return {
    id: `${source} > ${target}`,
    source,
    target,
    type: "line",
    className: (isOpen ? styles.openLine : styles.line) ?? "",
    focusable: false,
    ...(isArrow ? { markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 } } : {}),
  };
}

function Line({
  id,
  sourceX,
  sourceY,
  targetX,
  targetY,
  sourcePosition,
  targetPosition,
  markerEnd,
}: Parameters<typeof getBezierPath>[0] & { id: string; markerEnd?: string }) {
  const [path] = getBezierPath({
    sourceX,
    sourceY,
    targetX,
    targetY,
    ...(sourcePosition === undefined ? {} : { sourcePosition }),
    ...(targetPosition === undefined ? {} : { targetPosition }),
  });
  return <BaseEdge id={id} path={path} {...(markerEnd === undefined ? {} : { markerEnd })} />;
}

function State({ data: { state, isFirst, isAt, isNarrow } }: NodeProps<StateNode>) {
  return (
    <div class={styles.state} data-at={isAt} title={isFirst ? `${state}: new ones begin here` : state}>
      <Handle type="target" position={isNarrow ? Position.Top : Position.Left} />
      {isFirst && <i class={styles.first} aria-hidden="true" />}
      <span>{state}</span>
      <Handle type="source" position={isNarrow ? Position.Bottom : Position.Right} title="Draw a line from here to another state" />
    </div>
  );
}

function Step({ data: { name, isOpen, isWrong, isNarrow } }: NodeProps<StepNode>) {
  return (
    <div class={styles.step} data-open={isOpen} data-wrong={isWrong} title={name}>
      <Handle type="target" position={isNarrow ? Position.Top : Position.Left} isConnectable={false} />
      <span>{name}</span>
      <Handle type="source" position={isNarrow ? Position.Bottom : Position.Right} isConnectable={false} />
    </div>
  );
}

const nodeTypes = { state: State, step: Step };
const edgeTypes = { line: Line };
