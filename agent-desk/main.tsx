import "./look/page.css";
import { render } from "preact";
import { App } from "./shell/App.tsx";

const place = document.getElementById("desk");
if (place !== null) render(<App />, place);
