import { useEffect, useState } from "preact/hooks";
import type { Named } from "../../src/protocol/blueprints.ts";
import type { EntityCount, EntityGroup } from "../../src/protocol/entityGroups.ts";
import { requestAsMe } from "../session/session.ts";
import type { Question } from "./entities.ts";
import type { EntityNews } from "./entityNews.ts";
import { learnNamed } from "./fields/named.ts";

export interface Gathered {
  items: readonly EntityGroup[];
  truncated: boolean;
}

/** Entities in groups, each with what is asked: `by` is `status` or `due:month`, nothing for one group of all; `aggregates` are like `sum:qty`. */
export async function gather(key: string, by: string, aggregates: readonly string[], filter: object | null): Promise<Gathered> {
  const query = new URLSearchParams({ by, aggregate: aggregates.join(","), ...filterIn(filter) });
  const { named, ...gathered } = await requestAsMe<Gathered & { named: Named }>({
    method: "GET",
    path: `blueprints/${encodeURIComponent(key)}/entities/groups?${query}`,
  });
  learnNamed(named);
  return gathered;
}

export async function countEntities(key: string, { filter, trashed }: Pick<Question, "filter" | "trashed">): Promise<EntityCount> {
  const query = new URLSearchParams({ trashed: String(trashed), ...filterIn(filter) });
  return await requestAsMe({ method: "GET", path: `blueprints/${encodeURIComponent(key)}/entities/count?${query}` });
}

function filterIn(filter: object | null): Record<string, string> {
  return filter === null ? {} : { filter: JSON.stringify(filter) };
}

/** However much happens, it is asked anew so seldom. */
const restMs = 1500;

/** What the server answers, asked anew when `question` is another one or entities changed; null until it is there. `ask` does nothing for null. */
export function useFresh<Answer>(news: EntityNews, question: string | null, ask: () => Promise<Answer>): Answer | null {
  const [answer, setAnswer] = useState<{ to: string; answer: Answer } | null>(null);
  useEffect(() => {
    if (question === null) return;
    let isOver = false;
    let timer: number | undefined;
    const again = () =>
      ask().then(
        (found) => {
          if (!isOver) setAnswer({ to: question, answer: found });
        },
        // What stands there stays; what is wrong with the question, the list says.
        () => {},
      );
    void again();
    const deaf = news.hear(() => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void again();
      }, restMs);
    });
    return () => {
      isOver = true;
      clearTimeout(timer);
      deaf();
    };
  }, [news, question]);
  return question !== null && answer?.to === question ? answer.answer : null;
}
