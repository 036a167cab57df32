import { z } from "zod";

const program = `
process.on("message", () => {
  for (let i = 0; i < 3; i++) gc();
  process.send({ ...process.memoryUsage(), ...process.cpuUsage() });
});
process.on("disconnect", () => process.kill(process.pid, "SIGTERM"));
`;

/**
 * Node arguments that let a process be asked from outside, without a line in its own code, what it uses after a garbage collection.
 * When whoever started it is gone, it is asked to end.
 */
export const probeArguments = ["--expose-gc", "--import", `data:text/javascript,${encodeURIComponent(program)}`];

/** Memory in bytes, after a garbage collection; processor time in microseconds. */
export const usageSchema = z.object({
  rss: z.number(),
  heapUsed: z.number(),
  external: z.number(),
  user: z.number(),
  system: z.number(),
});

export type Usage = z.infer<typeof usageSchema>;
