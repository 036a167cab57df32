import type { DeskClient } from "../fixtures/deskClient.ts";
import { type Agent, openProduct, type TestProduct } from "../fixtures/product.ts";
import { upload } from "../fixtures/uploads.ts";
import type { VisitorClient } from "../fixtures/visitorClient.ts";

/** A product, and a visitor and an agent who attach files. */
export interface Uploading {
  product: TestProduct;
  agent: Agent;
  desk: DeskClient;
  page: VisitorClient;
  conversation: string;
  /** Authorization headers. */
  visitor: string;
  staff: string;
  put(who: string, bytes: Buffer | string, options?: Parameters<typeof upload>[3]): ReturnType<typeof upload>;
  /** One more visitor; `who` is their header. */
  another(): Promise<Awaited<ReturnType<TestProduct["visit"]>> & { who: string }>;
}

export async function openUploading(): Promise<Uploading> {
  const product = await openProduct();
  const agent = await product.agent();
  const { page, conversation, welcome } = await product.visit();
  const headerOf = (token: string) => `Visitor ${product.inbox}:${token}`;
  return {
    product,
    agent,
    desk: await agent.desk(),
    page,
    conversation,
    visitor: headerOf(welcome.token),
    staff: `Bearer ${agent.token}`,
    put: (who, bytes, options) => upload(product.url, who, bytes, options),
    another: async () => {
      const visit = await product.visit();
      return { ...visit, who: headerOf(visit.welcome.token) };
    },
  };
}
