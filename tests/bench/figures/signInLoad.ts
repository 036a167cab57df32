import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { z } from "zod";
import { hashesAtOnce } from "../../../src/access/accounts/passwords.ts";
import { type Pace, paceSchema } from "../parts/pace.ts";
import { askSignIn, type SignInAnswer } from "../parts/signingIn.ts";
import type { VisitorsQuestion } from "../parts/visitors.ts";
import { type Figure, type Measurement, median } from "./figure.ts";

const visitors = 100;
const perSecond = 200;
const rounds = 3;
const peopleAtOnce = 100;
/** What the hashes that run at once take. */
const hashesMiB = hashesAtOnce * 64;
/** What else 100 requests and their answers take for a moment. */
const besidesMiB = 64;
const allowedMs = 15;

/** A hundred people who sign in at the same moment: what the chat beside it feels, and what memory they take. */
export const signInLoad: Measurement = {
  name: "sign-in-load",
  measure: async (workplace) => {
    const product = await workplace.product();
    const part = workplace.part("visitors");
    const peer = { kind: "product", url: product.url, inbox: product.inbox } as const;
    await part.ask({ do: "open", peer, sockets: visitors } satisfies VisitorsQuestion, z.object({}));
    await part.ask({ do: "closedLoop", seconds: 1.5 } satisfies VisitorsQuestion, paceSchema);
    const chat = () => part.ask({ do: "openLoop", seconds: workplace.seconds, perSecond } satisfies VisitorsQuestion, paceSchema);
    const alone: Pace[] = [];
    const beside: Pace[] = [];
    const answers: SignInAnswer[] = [];
    let [rest, peak] = [0, 0];
    for (let round = 0; round < rounds; round++) {
      const quiet = watchMemory(product.pid);
      alone.push(await chat());
      rest = Math.max(rest, quiet.highest());
      const loud = watchMemory(product.pid);
      const people = Promise.all(Array.from({ length: peopleAtOnce }, () => askSignIn(product.url, product.account)));
      beside.push(await chat());
      answers.push(...(await people));
      peak = Math.max(peak, loud.highest());
    }
    const unexpected = answers.find(({ status }) => status !== 200 && status !== 503);
    if (unexpected !== undefined) throw new Error(`a sign-in was answered by ${unexpected.status} ${unexpected.body.slice(0, 200)}`);
    const middle = (paces: readonly Pace[], pick: (pace: Pace) => number) => median(paces.map(pick));
    const value = middle(beside, ({ p99 }) => p99);
    const without = middle(alone, ({ p99 }) => p99);
    const served = answers.filter(({ status }) => status === 200).length / rounds;
    const latency: Figure = {
      figure: "sign-in-load",
      value,
      unit: "ms, p99 of the chat",
      beside: without,
      ratio: value / without,
      target: without + allowedMs,
      met: value <= without + allowedMs,
      note: `p50 ${middle(beside, ({ p50 }) => p50).toFixed(1)} ms beside ${middle(alone, ({ p50 }) => p50).toFixed(1)} ms without, ${perSecond} lines a second; of ${peopleAtOnce} at once ${served.toFixed(0)} were let in and the others told to come again; ${availableParallelism()} processors`,
    };
    if (rest === 0) return [latency, { figure: "sign-in-memory", leftOut: "/proc is not here" }];
    const taken = peak - rest;
    const limit = hashesMiB + besidesMiB;
    return [
      latency,
      {
        figure: "sign-in-memory",
        value: taken,
        unit: "MiB more",
        beside: limit,
        ratio: taken / limit,
        target: limit,
        met: taken <= limit,
        note: `resident, at the highest ${peak.toFixed(0)} MiB beside ${rest.toFixed(0)} with the chat alone; ${hashesAtOnce} hashes at once take ${hashesMiB}`,
      },
    ];
  },
};

/** The highest resident memory of a process from now on, looked at each 20 ms; 0 where it can't be known. */
function watchMemory(pid: number): { highest(): number } {
  let highest = 0;
  const look = async () => {
    const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
    highest = Math.max(highest, Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
  };
  const looking = setInterval(() => void look(), 20);
  return {
    highest: () => {
      clearInterval(looking);
      return highest;
    },
  };
}
