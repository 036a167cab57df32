import { Suspense } from "preact/compat";
import { useEffect, useState } from "preact/hooks";
import { asked, drawing, places } from "./stepUp.ts";

/** Stands in the page and in each dialog: a dialog over another must be inside it, or it is taken for the page behind. */
export function StepUpPlace() {
  const [place] = useState(() => Symbol("place"));
  useEffect(() => {
    places.push(place);
    return () => {
      places.splice(places.indexOf(place), 1);
    };
  }, [place]);
  const { value } = asked;
  if (value?.place !== place) return null;
  const { question, answer } = value;
  const { stepUp: StepUp, confirm: Confirm } = drawing;
  return (
    <Suspense fallback={null}>
      {question.kind === "stepUp"
        ? StepUp !== undefined && <StepUp onEnd={answer} />
        : Confirm !== undefined && <Confirm command={question.command} plan={question.plan} onEnd={answer} />}
    </Suspense>
  );
}
