import { fork } from "node:child_process";
import { once } from "node:events";
import { soon } from "../processes/until.ts";
import { type CrowdOrder, type CrowdView, crowdView } from "./crowdOrders.ts";

/** Thousands of pages that only look, in a process of their own. */
export interface Crowd {
  open(order: Omit<CrowdOrder & { type: "open" }, "type">): void;
  look(): Promise<CrowdView>;
  /** Whether so many are open in time, all of them welcomed after this instant. */
  isThere(count: number, since: number, withinMs: number): Promise<boolean>;
  end(): Promise<void>;
}

export function startCrowd(program: string): Crowd {
  const child = fork(program, { execArgv: [], stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const look = async () => {
    child.send({ type: "look" });
    const [answer] = await once(child, "message");
    return crowdView.parse(answer);
  };
  return {
    open: (order) => void child.send({ type: "open", ...order }),
    look,
    isThere: (count, since, withinMs) =>
      soon(
        withinMs,
        async () => {
          const { open, welcomedAt } = await look();
          return open === count && welcomedAt.every((at) => at > since);
        },
        250,
      ),
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
