import { useState } from "preact/hooks";
import { useCommandData } from "./useCommandData.ts";

/** What a page of settings has: what a reading command lists, and what is being done to one of them; when that is over, it is asked for again. */
export function useListed<Item, Doing>(command: string, field: string) {
  const { data: items, wrong, again } = useCommandData<Item>(command, field);
  const [doing, setDoing] = useState<Doing | null>(null);
  const close = () => {
    setDoing(null);
    again();
  };
  return { items, wrong, doing, setDoing, close };
}
