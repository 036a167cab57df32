import { expect, it } from "vitest";
import { openAttachments } from "../../src/client/attachments.ts";

it.each([
  ["photo\u202Egpj.exe", "photogpj.exe"],
  ["a\u2066b\nc.txt", "abc.txt"],
  ["\u0645\u06CC\u200C\u062E\u0648.pdf", "\u0645\u06CC\u200C\u062E\u0648.pdf"],
])("a chosen file is shown by the name that it has: %j", (given, shown) => {
  const attachments = openAttachments({ address: "http://127.0.0.1:9/", authorization: async () => undefined });
  attachments.add([new File(["x"], given, { type: "text/plain", lastModified: 7 })]);
  const [{ file } = {}] = attachments.chosen.value;
  expect(file).toMatchObject({ name: shown, type: "text/plain", lastModified: 7, size: 1 });
  if (file) attachments.remove(attachments.chosen.value[0]?.key ?? "");
});
