import type { ChartBlock } from "../../src/protocol/blocks.ts";
import { placesOf, scalesOf, ticksOf } from "../../src/protocol/chartScales.ts";
import styles from "./LineChart.module.css";

/** Each line differs by its dashes too, not by its colour alone. */
const dashes = ["", "7 4", "2 4", "9 4 2 4"];
const colours = 4;

/** Lines over dates, numbers or what comes in an order, one picture above another where they need scales of their own. Who can't see them looks at the table beside. */
export function LineChart({ chart }: { chart: ChartBlock }) {
  const { title = "", labels, series } = chart;
  const places = placesOf(labels);
  const order = labels.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const scales = scalesOf(series);
  const [first, middle, last] = [order[0], order[Math.floor((order.length - 1) / 2)], order.at(-1)];
  const marks = [...new Set([first, middle, last])].flatMap((index) => (index === undefined ? [] : [labels[index] ?? ""]));
  return (
    <figure class={styles.chart} data-scales={scales.length}>
      {title !== "" && <figcaption dir="auto">{title}</figcaption>}
      {scales.map((lines) => (
        <Plot key={lines[0]} chart={chart} lines={lines} places={places} order={order} />
      ))}
      <div class={styles.labels} aria-hidden="true">
        {marks.map((label) => (
          <span key={label}>{label}</span>
        ))}
      </div>
      <ul class={styles.legend}>
        {series.map(({ name }, place) => (
          <li key={place}>
            <svg width="24" height="8" aria-hidden="true">
              <line {...lookOf(place)} x1="0" x2="24" y1="4" y2="4" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}

interface PlotLook {
  chart: ChartBlock;
  /** Which of its series. */
  lines: readonly number[];
  /** Where each label stands, and in which order from left to right. */
  places: readonly number[];
  order: readonly number[];
}

function Plot({ chart: { title = "", labels, series }, lines, places, order }: PlotLook) {
  const own = lines.flatMap((place) => series[place] ?? []);
  const ticks = ticksOf(own.flatMap(({ values }) => values));
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (index: number) => (places[index] ?? 0) * 100;
  const y = (value: number) => 100 - ((value - low) / (high - low)) * 100;
  const told = (index: number) =>
    `${labels[index]}: ${own.map(({ name, values }) => `${name} ${(values[index] ?? 0).toLocaleString()}`).join(", ")}`;
  const from = labels[order[0] ?? 0] ?? "";
  const to = labels[order.at(-1) ?? 0] ?? "";
  return (
    <div class={styles.plot}>
      <div class={styles.ticks} aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ insetBlockStart: `${y(tick)}%` }}>
            {tick.toLocaleString(undefined, { notation: "compact" })}
          </span>
        ))}
      </div>
      <svg
        viewBox="0 0 100 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title === "" ? "Lines" : title}: ${own.map(({ name }) => name).join(", ")}, from ${from} to ${to}`}
      >
        {ticks.map((tick) => (
          <line key={tick} class={styles.across} x1="0" x2="100" y1={y(tick)} y2={y(tick)} />
        ))}
        {lines.map((place) => (
          <polyline
            key={place}
            {...lookOf(place)}
            points={order.map((index) => `${x(index)},${y(series[place]?.values[index] ?? 0)}`).join(" ")}
          />
        ))}
        {order.map((index) => (
          <rect key={index} class={styles.spot} x={x(index) - 50 / labels.length} y="0" width={100 / labels.length} height="100">
            <title>{told(index)}</title>
          </rect>
        ))}
      </svg>
    </div>
  );
}

function lookOf(place: number) {
  return { class: styles.line, "data-colour": place % colours, "stroke-dasharray": dashes[place % dashes.length] };
}
