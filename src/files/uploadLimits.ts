import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { Refusal } from "../protocol/refusal.ts";
import { type Uploader, uploaderId, uploaderKind } from "./file.ts";

/** How many files one person may upload (auth.md, "Widget limits": 60 an hour). `LIMITS=off` lifts it. */
export interface UploadLimits {
  /** Refusal `rate_limited`, with the wait. */
  upload(uploader: Uploader): Promise<void>;
}

const uploadsAnHour = { visitor: 60, account: 600 };

export function createUploadLimits(on: boolean): UploadLimits {
  const limiter = (points: number) => new RateLimiterMemory({ points, duration: 3600 });
  const limiters = { visitor: limiter(uploadsAnHour.visitor), account: limiter(uploadsAnHour.account) };
  return {
    upload: async (uploader) => {
      if (!on) return;
      try {
        await limiters[uploaderKind(uploader)].consume(uploaderId(uploader));
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        const minutes = Math.max(1, Math.ceil(error.msBeforeNext / 60_000));
        throw new Refusal(
          "rate_limited",
          `${uploadsAnHour[uploaderKind(uploader)]} files an hour is the limit; the next can be sent in ${minutes} minutes.`,
          { retryAfterMs: error.msBeforeNext },
        );
      }
    },
  };
}
