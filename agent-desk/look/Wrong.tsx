import { CircleAlert } from "lucide-preact";
import parts from "./parts.module.css";

/** One sentence beside what caused it. Its place is always there, so that screen readers hear it appear. */
export function Wrong({ id, children }: { id?: string; children: string | null | undefined }) {
  return (
    <div role="alert" id={id}>
      {children && (
        <p class={parts.wrong}>
          <CircleAlert aria-hidden="true" />
          {children}
        </p>
      )}
    </div>
  );
}
