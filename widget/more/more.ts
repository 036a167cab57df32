import blocks from "../../src/client/blocks/blocks.css?inline";
import { RichBlocks } from "../../src/client/blocks/RichBlocks.tsx";
import { Marked } from "../../src/client/Marked.tsx";
import { AwayBar } from "../chat/AwayBar.tsx";
import { addStyle } from "../chat/style.ts";
import { blockWords, speakMore } from "../texts/more/moreTexts.ts";
import { Asking } from "./Asking.tsx";
import { Day } from "./Day.tsx";
import { Earlier } from "./Earlier.tsx";
import { Emoji } from "./Emoji.tsx";
import { Ended } from "./Ended.tsx";
import { Menu } from "./Menu.tsx";
import css from "./more.css?inline";
import { QueueBar } from "./QueueBar.tsx";
import { spelled } from "./spelled.ts";

addStyle(blocks + css);

/** What most conversations never need: fetched when the first of it is. */
export const more = { RichBlocks, Marked, AwayBar, Asking, Day, Earlier, Emoji, Ended, Menu, QueueBar, blockWords, speakMore, spelled };
