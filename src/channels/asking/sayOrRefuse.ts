import { Refusal } from "../../protocol/refusal.ts";
import type { ChatPlace } from "../chatEvent.ts";
import type { ChatOutside } from "../chatOutside.ts";
import type { Who } from "../people/people.ts";
import { refusalDrawing } from "./drawn.ts";
import { say } from "./performing.ts";

/** Does it, and tells whoever asked, and them alone, why not. What another try may change is thrown on, so that it is tried again. */
export async function orTell(
  outside: ChatOutside,
  who: Who,
  { key, place }: { key: string; place: ChatPlace },
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Refusal) || error.code === "unavailable") throw error;
    const drawing = refusalDrawing(error, who.principal?.language);
    await say(outside, who, { key: `${key} refused`, place, only: who.person.user, drawing });
  }
}
