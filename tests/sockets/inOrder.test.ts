import { describe, expect, it } from "vitest";
import { Refusal } from "../../src/protocol/refusal.ts";
import { createInOrder, type Unavailable } from "../../src/sockets/inOrder.ts";

const away = new Refusal("unavailable", "The database is away.");

/** Work that ends when it is told to; it tells in `begun` when it begins, and with what. */
function workplace() {
  const begun: [string, Unavailable][] = [];
  const ends = new Map<string, (unavailable?: Refusal) => void>();
  const work = (name: string) => (before: Unavailable) => {
    begun.push([name, before]);
    if (before !== undefined) return Promise.resolve(before);
    return new Promise<Unavailable>((resolve) => ends.set(name, (unavailable) => resolve(unavailable)));
  };
  const end = async (name: string, unavailable?: Refusal) => {
    ends.get(name)?.(unavailable);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { begun, work, end };
}

describe("what a person sends", () => {
  it("is done at once, and in its order behind what looks something up", async () => {
    const inOrder = createInOrder();
    const { begun, work, end } = workplace();
    void inOrder(false, work("one"));
    void inOrder(false, work("two"));
    void inOrder(true, work("slow"));
    void inOrder(false, work("behind"));
    await end("one");
    expect(begun.map(([name]) => name)).toEqual(["one", "two", "slow"]);
    await end("slow");
    expect(begun.at(-1)).toEqual(["behind", undefined]);
  });

  it("hears at once that the database is away, where it waited behind what failed by it", async () => {
    const inOrder = createInOrder();
    const { begun, work, end } = workplace();
    const all = ["first", "second", "third"].map((name) => inOrder(true, work(name)));
    await end("none");
    await end("first", away);
    await Promise.all(all);
    expect(begun).toEqual([
      ["first", undefined],
      ["second", away],
      ["third", away],
    ]);
    void inOrder(true, work("later"));
    await end("none");
    expect(begun.at(-1)).toEqual(["later", undefined]);
  });
});
