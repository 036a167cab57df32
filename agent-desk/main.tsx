import "./look/page.css";
import { render } from "preact";
import { stayWhereFilesDrop } from "../src/client/broughtFiles.ts";
import { App } from "./shell/App.tsx";

const place = document.getElementById("desk");
if (place !== null) render(<App />, place);
stayWhereFilesDrop(window);
