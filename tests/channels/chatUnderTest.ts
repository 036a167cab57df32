import { expect } from "vitest";
import type { TestProduct } from "../fixtures/product.ts";

/** What a person sees of one message. */
export interface SeenThere {
  text: string;
  /** Labels of what can be pressed. */
  buttons: readonly string[];
  /** Whose name stands above it. */
  author: string;
}

/** Where people ask, with a product behind it, as they use it: each alone with Switchboard, where nothing else is said. */
export interface PlaceUnderTest {
  product: TestProduct;
  /** Two who are there, by their ids. */
  people: readonly [string, string];
  /** Writes a line, which has its 200. */
  write(person: string, text: string): Promise<void>;
  /** What they see, the oldest first. */
  seen(person: string): SeenThere[];
  /** Presses the newest button with this label. */
  press(person: string, label: string): Promise<void>;
  close(): Promise<void>;
}

/** Where people run commands. */
export interface CommandPlace extends PlaceUnderTest {
  /** What opens the form for what a line lacks; undefined where it opens by itself. */
  formBehind: string | undefined;
  /** Whether a plan is shown before something is taken back. */
  plansUndo: boolean;
  /** Fills in the form that is open before them: why not, by the inputs' names; nothing where it was taken, and its plan is shown. */
  fill(person: string, values: Readonly<Record<string, string>>): Promise<Record<string, string>>;
}

/** What all chat services do alike. */
export const asChatsDo = { formBehind: "Fill in", plansUndo: true } as const;

/** A chat service, whose people may be linked to accounts. */
export interface ChatUnderTest extends CommandPlace {
  /** Writes what they wrote anew, deletes it, or reacts to what stands there with a thumb up. */
  edit(person: string, written: string, text: string): Promise<void>;
  remove(person: string, written: string): Promise<void>;
  react(person: string, seen: string, on: boolean): Promise<void>;
  /** What apps reacted with to what they wrote; undefined where no app may. */
  reactions(person: string, written: string): readonly string[] | undefined;
  /** The files that they have there, the oldest first; where one is offered to them, they take it. */
  files(person: string): Promise<{ name: string; bytes: Buffer }[]>;
}

/** Waits until they see something that says so, and answers the newest of it. */
export async function sees(chat: PlaceUnderTest, person: string, text: string | RegExp): Promise<SeenThere> {
  const find = () =>
    chat.seen(person).findLast((message) => (typeof text === "string" ? message.text.includes(text) : text.test(message.text)));
  await expect
    .poll(() => find()?.text ?? chat.seen(person).map((message) => message.text), { timeout: 15_000 })
    .toEqual(expect.stringMatching(text));
  const found = find();
  if (found === undefined) throw new Error("it was seen and is gone");
  return found;
}
