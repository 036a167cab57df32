import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { atExit } from "./atExit.ts";
import { freePort } from "./freePort.ts";
import { until } from "./until.ts";

export interface ProductSettings {
  name: string;
  /** The built server. */
  program: string;
  environment: Record<string, string>;
  /** The most files that it may open. */
  openFiles?: number;
}

/** Its first start migrates an empty database, beside whatever else this machine does. */
const startsWithinMs = 90_000;

const ends = new Set<NodeJS.Signals>(["SIGTERM", "SIGINT", "SIGKILL"]);

/** One process of the product, on the same port over all its lives. */
export class Product {
  readonly name: string;
  readonly port: number;
  /** What it printed, newest last. */
  readonly output: string[] = [];
  /** What it did that no fault may make it do: ended by itself, or forgot to look at what failed. */
  readonly faults: string[] = [];
  #settings: ProductSettings;
  #child: ChildProcess | undefined;
  /** Whether it runs, and nobody told it to end. */
  #shouldRun = false;

  private constructor(settings: ProductSettings, port: number) {
    this.name = settings.name;
    this.#settings = settings;
    this.port = port;
  }

  static async start(settings: ProductSettings): Promise<Product> {
    const product = new Product(settings, await freePort());
    await product.start();
    return product;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** For a report: how it ended if it did, and what it said last. */
  get lastSeen(): string {
    const { exitCode, signalCode } = this.#child ?? {};
    return [this.running ? "runs" : `ended with ${signalCode ?? exitCode}`, ...this.output.slice(-40)].join(" | ");
  }

  /** From its next start on it is another version. */
  become(program: string): void {
    this.#settings = { ...this.#settings, program };
  }

  /** Like a supervisor: whoever ends because a server can't be reached yet is started again. */
  async start(): Promise<void> {
    this.#spawn();
    await until(`${this.name} runs`, startsWithinMs, () => {
      if (this.running) return this.said("Switchboard runs");
      if (this.said("correct NATS_URL") || this.said("correct DATABASE_URL")) this.#spawn();
      return false;
    }).catch((error: unknown) => {
      this.#shouldRun = false;
      throw new Error(`${this.name} doesn't start:\n${this.output.slice(-20).join("\n")}`, { cause: error });
    });
    this.#shouldRun = true;
  }

  #spawn(): void {
    const { program, environment, openFiles } = this.#settings;
    // An own port for the debugger: a row blocks the event loop through it.
    const command = [process.execPath, "--inspect-port=0", "--enable-source-maps", program];
    const limited = openFiles === undefined ? command : ["sh", "-c", `ulimit -n ${openFiles} && exec "$0" "$@"`, ...command];
    const [file = "", ...args] = limited;
    const child = spawn(file, args, { env: { ...environment, PORT: String(this.port) }, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    child.once(
      "exit",
      atExit(() => child.kill("SIGKILL")),
    );
    child.once("close", () => {
      if (this.#shouldRun && this.#child === child) this.faults.push(`${this.name} ${this.lastSeen}`);
    });
    this.output.length = 0;
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (text: string) => this.#keep(text));
  }

  said(words: string): boolean {
    return this.output.some((line) => line.includes(words));
  }

  signal(signal: NodeJS.Signals): void {
    if (ends.has(signal)) this.#shouldRun = false;
    this.#child?.kill(signal);
  }

  /** Resolves with how it ended. */
  async ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const child = this.#child;
    if (child === undefined) return { code: null, signal: null };
    if (this.running) await once(child, "exit");
    return { code: child.exitCode, signal: child.signalCode };
  }

  /** Something is done to it that it can't outlive. */
  mayEnd(): void {
    this.#shouldRun = false;
  }

  async kill(): Promise<void> {
    if (!this.running) return;
    // A stopped process dies of it too.
    this.signal("SIGKILL");
    await this.ended();
  }

  #keep(text: string): void {
    if (text.includes("nobody waited for it")) this.faults.push(`${this.name}: ${text.slice(0, 2000)}`);
    this.output.push(...text.split("\n").filter((line) => line !== ""));
    if (this.output.length > 2000) this.output.splice(0, 1000);
  }
}
