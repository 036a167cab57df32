import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chatColours, contrast } from "../../src/conversations/inboxes/chatColours.ts";

const surfaces = { light: "#ffffff", dark: "#15171c" };
const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`);

describe("the contrast of two colours", () => {
  it.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#777777", "#ffffff", 4.48],
    ["#2d55dd", "#ffffff", 6.08],
  ])("of %s and %s is %f, in either order", (a, b, ratio) => {
    expect(contrast(a, b)).toBeCloseTo(ratio, 1);
    expect(contrast(b, a)).toBeCloseTo(ratio, 1);
  });
});

describe("a site's colour", () => {
  it("can be read in both themes, as what is written on it and as text, whichever it is", () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const made = chatColours(colour);
        for (const theme of ["light", "dark"] as const) {
          expect(made[theme].accent).toMatch(/^#[0-9a-f]{6}$/);
          expect(contrast(made[theme].accent, made[theme].onAccent)).toBeGreaterThanOrEqual(4.5);
          expect(contrast(made[theme].accent, surfaces[theme])).toBeGreaterThanOrEqual(4.5);
        }
      }),
      { examples: [["#000000"], ["#ffffff"], ["#ffff00"], ["#0000ff"], ["#808080"], ["#15171c"]] },
    );
  });

  it("stays as it is where it can be read already", () => {
    expect(chatColours("#2d55dd").light.accent).toBe("#2d55dd");
    expect(chatColours("#8aa6ff").dark.accent).toBe("#8aa6ff");
  });

  it("keeps its hue: yellow becomes a dark yellow on white", () => {
    const { accent } = chatColours("#ffd400").light;
    const [red = 0, green = 0, blue = 1] = [1, 3, 5].map((at) => Number.parseInt(accent.slice(at, at + 2), 16));
    expect(blue).toBe(0);
    expect(green / red).toBeCloseTo(0xd4 / 0xff, 1);
  });
});
