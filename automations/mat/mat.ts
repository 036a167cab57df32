import { defineAutomation } from "../contract.ts";
import { changeWords } from "../words.ts";

export const mat = defineAutomation({
  name: "mat",
  version: "1.0.0",
  summary: 'Replaces every word by "mat".',
  risk: "read",
  audience: "visitor",
  args: { type: "object", properties: { text: { type: "string", description: "The sentence.", maxLength: 4000 } }, required: ["text"] },
  answer: ({ args }) => {
    const text = changeWords(String(args["text"]), (words) => words.map(() => "mat"));
    return { messages: [{ text }], data: { text } };
  },
});
