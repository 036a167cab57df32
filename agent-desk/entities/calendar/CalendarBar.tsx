import { ChevronLeft, ChevronRight } from "lucide-preact";
import { Button } from "../../look/Button.tsx";
import parts from "../../look/parts.module.css";
import data from "../Data.module.css";
import styles from "./Calendar.module.css";
import { type Span, spanWords, turn, type Week } from "./days.ts";

interface BarLook {
  span: Span;
  day: string;
  weeks: readonly Week[];
  onSpan: (span: Span) => void;
  onTurn: (day: string | undefined) => void;
}

const spans: readonly { span: Span; label: string }[] = [
  { span: "month", label: "Month" },
  { span: "week", label: "Week" },
];

/** Which days are shown, and what leads to others. */
export function CalendarBar({ span, day, weeks, onSpan, onTurn }: BarLook) {
  return (
    <div class={styles.bar}>
      <Button small label={`The ${span} before`} onClick={() => onTurn(turn(span, day, -1))}>
        <ChevronLeft aria-hidden="true" />
      </Button>
      <Button small label={`The ${span} after`} onClick={() => onTurn(turn(span, day, 1))}>
        <ChevronRight aria-hidden="true" />
      </Button>
      <Button small onClick={() => onTurn(undefined)}>
        Today
      </Button>
      <h3 aria-live="polite">{spanWords(span, day, weeks)}</h3>
      <span class={parts.grow} />
      <fieldset class={data.looks} aria-label="How many days">
        {spans.map((each) => (
          <button key={each.span} type="button" aria-pressed={each.span === span} onClick={() => onSpan(each.span)}>
            {each.label}
          </button>
        ))}
      </fieldset>
    </div>
  );
}
