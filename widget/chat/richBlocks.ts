import css from "../../src/client/blocks/blocks.css?inline";
import { addStyle } from "./style.ts";

/** Everything but buttons: fetched with the first message that has such a block. */
addStyle(css);

export { RichBlocks } from "../../src/client/blocks/RichBlocks.tsx";
