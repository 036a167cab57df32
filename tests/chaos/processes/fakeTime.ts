import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

function library(): string | undefined {
  return ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"]
    .map((folder) => join(folder, "faketime/libfaketime.so.1"))
    .find((path) => existsSync(path));
}

/** What this machine lacks to move a clock, in words. */
export function noFakeTime(): string | undefined {
  return library() === undefined ? "libfaketime is not installed" : undefined;
}

/** Settings of a product whose clock on the wall is moved by `moveClock`; the one that only counts goes on. */
export function withFakeTime(folder: string): Record<string, string> {
  moveClock(folder, 0);
  return {
    LD_PRELOAD: library() ?? "",
    FAKETIME_TIMESTAMP_FILE: join(folder, "clock"),
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}

/** `seconds` from the real one; the product's folder is `folder`. */
export function moveClock(folder: string, seconds: number): void {
  writeFileSync(join(folder, "clock"), `${seconds < 0 ? "" : "+"}${seconds}\n`);
}
