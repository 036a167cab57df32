import type { ComponentChildren, HTMLAttributes, Ref } from "preact";

interface ScrolledLook extends Pick<HTMLAttributes<HTMLElement>, "onScroll"> {
  /** What is in it, for who can't see it. */
  label: string;
  /** A log says by itself what comes to it. */
  role?: "log";
  class: string | undefined;
  box?: Ref<HTMLElement>;
  children: ComponentChildren;
}

/** A box that scrolls, and holds nothing to focus: the keyboard reaches it by itself. */
export function Scrolled({ label, role, box, children, ...rest }: ScrolledLook) {
  return (
    <section {...rest} ref={box ?? null} role={role} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
