import type { SpanView } from "../../src/protocol/calendar.ts";
import styles from "./Hours.module.css";
import { barsOf, dayName, hoursText, untilText } from "./week.ts";

/** A week as bars over the hours of the day, with the same in words. */
export function Week({ spans }: { spans: readonly SpanView[] }) {
  const bars = barsOf(spans);
  return (
    <div class={styles.week}>
      <div class={styles.scale} aria-hidden="true">
        {[0, 6, 12, 18, 24].map((hour) => (
          <span key={hour}>{hour}</span>
        ))}
      </div>
      <dl>
        {[1, 2, 3, 4, 5, 6, 7].map((day) => {
          const own = spans.filter((span) => span.day === day);
          const words = [untilText(spans, day), hoursText(own)].filter((text) => text !== "").join(", ");
          return (
            <div key={day} class={styles.day}>
              <dt>{dayName(day, "short")}</dt>
              <dd class={styles.track} aria-hidden="true">
                {bars
                  .filter((bar) => bar.day === day)
                  .map((bar) => (
                    <span
                      key={`${bar.from}`}
                      class={styles.bar}
                      style={{ insetInlineStart: `${bar.from * 100}%`, inlineSize: `${(bar.to - bar.from) * 100}%` }}
                    />
                  ))}
              </dd>
              <dd class={words === "" ? styles.closed : styles.open}>{words === "" ? "closed" : words}</dd>
            </div>
          );
        })}
      </dl>
    </div>
  );
}
