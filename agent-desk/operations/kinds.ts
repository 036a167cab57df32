import { Cloud, Database, ListOrdered, Send } from "lucide-preact";
import type { OperationKind } from "../../src/protocol/operations.ts";
import type { Body } from "./draft.ts";
import type { Kind } from "./kind.ts";
import { MessageEditor } from "./MessageEditor.tsx";
import { QueryEditor } from "./QueryEditor.tsx";
import { RequestEditor } from "./requests/RequestEditor.tsx";
import { SequenceEditor } from "./sequences/SequenceEditor.tsx";
import { namesInSlots, namesInSql } from "./slotNames.ts";

const leftEmpty = "Where nothing is given, its place stays empty.";

/** The kinds that can be made here; each has an editor of its own. */
export const kinds: Partial<Record<OperationKind, Kind>> = {
  query: {
    label: "Query",
    about: "Ask a database of yours: a table, a chart or a sentence is the answer.",
    icon: Database,
    begin: { dataSource: "", sql: "" },
    Editor: QueryEditor,
    namesIn: ({ sql }) => namesInSql(typeof sql === "string" ? sql : ""),
    optionalHint: "Put what needs it in double brackets, [[and region = :region]]: that is dropped where nothing is given.",
  },
  request: {
    label: "API call",
    about: "Ask another program by HTTP, or tell it something; what it answers becomes a sentence, a table or fields.",
    icon: Cloud,
    begin: { method: "GET", url: "", headers: {} },
    Editor: RequestEditor,
    namesIn: ({ answer: _, ...sent }) => namesInSlots(sent),
    optionalHint: "Where nothing is given, the pair, the header or the member falls away that it stands in.",
  },
  message: {
    label: "Message",
    about: "Tell people, contacts or whoever a query answers something: by mail, notice or chat, now or later.",
    icon: Send,
    begin: { by: "mail", to: [], subject: "", text: "" },
    Editor: MessageEditor,
    namesIn: (body) => namesInSlots(body).filter((name) => name !== "me" && name !== "row"),
    optionalHint: leftEmpty,
  },
  sequence: {
    label: "Sequence",
    about: "Run commands one after another; what one finds is there for the next.",
    icon: ListOrdered,
    begin: { steps: [{ command: "", args: {} }] },
    Editor: SequenceEditor,
    namesIn: (body) => {
      const own = new Set(["me", "run", "row", ...stepNames(body)]);
      return namesInSlots(body).filter((name) => !own.has(name));
    },
    optionalHint: leftEmpty,
  },
};

function stepNames({ steps }: Body): string[] {
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: unknown) => {
    const name: unknown = typeof step === "object" && step !== null ? Reflect.get(step, "name") : undefined;
    return typeof name === "string" ? [name] : [];
  });
}
