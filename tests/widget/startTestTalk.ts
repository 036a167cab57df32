import { remember } from "../../widget/chat/remembered.ts";
import { startTalk } from "../../widget/chat/startTalk.ts";
import { openRealSocket } from "../client/realSocket.ts";
import { startVisitorServer } from "./visitorServer.ts";

/** What a site keeps for the chat. */
export function site() {
  const kept = new Map<string, string>();
  return {
    kept,
    get length() {
      return kept.size;
    },
    key: (index: number) => [...kept.keys()][index] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    clear: () => kept.clear(),
  };
}

/** The conversation of a page with a server of the test's own; `stops` has what ends them. `open` is the page loaded again. */
export async function startTestTalk(
  answer: Parameters<typeof startVisitorServer>[0],
  stops: (() => unknown)[],
  storage = site(),
  embedded: { identity?: string } = {},
) {
  const server = await startVisitorServer(answer);
  stops.push(server.stop);
  const open = () => {
    const talk = startTalk(
      {
        outside: { openSocket: openRealSocket, events: new EventTarget(), random: () => 0 },
        storage,
        remembered: remember({ local: storage, session: site() }, "key"),
        page: { locale: "en", languages: ["en"], address: "https://shop.example/" },
      },
      { socketUrl: server.url, inbox: "key", ...embedded },
    );
    stops.push(talk.close);
    return talk;
  };
  return { server, storage, open, talk: open() };
}
