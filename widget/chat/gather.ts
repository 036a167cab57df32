const togetherMs = 50;

/** Hands things over in their order: the first at once, what follows within 50 ms together. */
export function gather<T>(hand: (things: T[]) => void): { add(thing: T): void; flush(): void } {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const things = waiting;
    waiting = [];
    hand(things);
    timer = setTimeout(flush, togetherMs);
  }

  return {
    add(thing) {
      waiting.push(thing);
      if (timer === undefined) flush();
    },
    flush,
  };
}
