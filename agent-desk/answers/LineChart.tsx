import type { ChartBlock } from "../../src/protocol/blocks.ts";
import { placesOf, ticksOf } from "./chartScales.ts";
import styles from "./LineChart.module.css";

/** Each line differs by its dashes too, not by its colour alone. */
const dashes = ["", "7 4", "2 4", "9 4 2 4"];
const colours = 4;

/** Lines over dates, numbers or what comes in an order. Who can't see them looks at the table beside. */
export function LineChart({ chart: { title = "", labels, series } }: { chart: ChartBlock }) {
  const places = placesOf(labels);
  const order = labels.map((_, index) => index).sort((a, b) => (places[a] ?? 0) - (places[b] ?? 0));
  const ticks = ticksOf(series.flatMap(({ values }) => values));
  const [low, high] = [ticks[0] ?? 0, ticks.at(-1) ?? 1];
  const x = (index: number) => (places[index] ?? 0) * 100;
  const y = (value: number) => 100 - ((value - low) / (high - low)) * 100;
  const told = (index: number) =>
    `${labels[index]}: ${series.map(({ name, values }) => `${name} ${(values[index] ?? 0).toLocaleString()}`).join(", ")}`;
  const [first, middle, last] = [order[0], order[Math.floor((order.length - 1) / 2)], order.at(-1)];
  const marks = [...new Set([first, middle, last])].flatMap((index) => (index === undefined ? [] : [labels[index] ?? ""]));
  return (
    <figure class={styles.chart}>
      {title !== "" && <figcaption dir="auto">{title}</figcaption>}
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
          aria-label={`${title === "" ? "Lines" : title}: ${series.map(({ name }) => name).join(", ")}, from ${labels[first ?? 0] ?? ""} to ${labels[last ?? 0] ?? ""}`}
        >
          {ticks.map((tick) => (
            <line key={tick} class={styles.across} x1="0" x2="100" y1={y(tick)} y2={y(tick)} />
          ))}
          {series.map(({ values }, place) => (
            <polyline
              key={place}
              class={styles.line}
              data-colour={place % colours}
              stroke-dasharray={dashes[place % dashes.length]}
              points={order.map((index) => `${x(index)},${y(values[index] ?? 0)}`).join(" ")}
            />
          ))}
          {order.map((index) => (
            <rect key={index} class={styles.spot} x={x(index) - 50 / labels.length} y="0" width={100 / labels.length} height="100">
              <title>{told(index)}</title>
            </rect>
          ))}
        </svg>
      </div>
      <div class={styles.labels} aria-hidden="true">
        {marks.map((label) => (
          <span key={label}>{label}</span>
        ))}
      </div>
      <ul class={styles.legend}>
        {series.map(({ name }, place) => (
          <li key={place}>
            <svg width="24" height="8" aria-hidden="true">
              <line
                class={styles.line}
                data-colour={place % colours}
                stroke-dasharray={dashes[place % dashes.length]}
                x1="0"
                x2="24"
                y1="4"
                y2="4"
              />
            </svg>
            {name}
          </li>
        ))}
      </ul>
    </figure>
  );
}
