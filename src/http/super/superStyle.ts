/** The look of the desk, by the same roles of colour, for pages without a script. */
export const superStyle = `
:root { color-scheme: light dark; --surface: light-dark(#fff, #15171c); --sunken: light-dark(#f5f6f8, #0f1115); --line: light-dark(#e3e6eb, #292d36); --field: light-dark(#8b93a1, #626b7a); --text: light-dark(#14171c, #e7e9ee); --muted: light-dark(#535a66, #a9b1be); --accent: light-dark(#2d55dd, #8aa6ff); --on-accent: light-dark(#fff, #0b1024); --bad: light-dark(#b02a0f, #ff8a75); --bad-soft: light-dark(#ffebe6, #3d1a14); --good: light-dark(#0c6b4a, #55c994); --good-soft: light-dark(#e2f5ec, #14301f); --on-bad: light-dark(#fff, #2a0d07); --shade: light-dark(#14171c38, #a9b1be59); }
* { box-sizing: border-box; }
body { margin: 0; font: 14px/20px ui-sans-serif, system-ui, sans-serif; background: var(--surface); color: var(--text); overflow-wrap: anywhere; }
a { color: var(--accent); }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--surface); padding: 8px; z-index: 1; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 24px; padding: 8px 24px; min-height: 52px; border-bottom: 1px solid var(--line); background: var(--sunken); }
header b span { font-weight: 400; color: var(--muted); margin-left: 6px; }
header nav { display: flex; gap: 4px; } header nav a { padding: 6px 10px; border-radius: 6px; text-decoration: none; color: var(--text); } header nav a:hover, header nav [aria-current] { background: var(--line); } header nav [aria-current] { font-weight: 600; }
header form { margin-left: auto; display: flex; align-items: center; gap: 12px; color: var(--muted); }
main { margin: 0 auto; padding: 24px; } main.narrow { max-width: 440px; padding-top: 48px; } main.wide { max-width: 1200px; }
h1 { font-size: 20px; line-height: 28px; margin: 0 0 16px; } h2 { font-size: 16px; line-height: 24px; margin: 32px 0 8px; }
p { margin: 0 0 12px; max-width: 68ch; } form + p { margin-top: 16px; } .muted, dt { color: var(--muted); }
.told { padding: 10px 14px; border-radius: 6px; background: var(--good-soft); color: var(--good); } .told.wrong { background: var(--bad-soft); }
.wrong { color: var(--bad); }
.field { display: grid; gap: 4px; } .field label { font-weight: 600; } .field span { font-size: 13px; } .field span:not(.wrong) { color: var(--muted); }
input, textarea, select { width: 100%; min-height: 34px; padding: 6px 10px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--field); border-radius: 6px; }
textarea { resize: vertical; font-family: ui-monospace, monospace; font-size: 13px; } input[type="checkbox"] { width: auto; min-height: 0; }
[aria-invalid] { border-color: var(--bad); }
button, .button { display: inline-block; min-height: 34px; padding: 6px 14px; font: inherit; font-weight: 600; color: var(--on-accent); background: var(--accent); border: 0; border-radius: 6px; cursor: pointer; text-decoration: none; }
.quiet { color: var(--text); background: transparent; border: 1px solid var(--field); } button.bad { background: var(--bad); color: var(--on-bad); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.row { display: flex; flex-wrap: wrap; gap: 8px; align-items: start; margin: 0 0 16px; } .row .field { flex: 1 1 180px; margin: 0; }
/* In line with the field and not with its label or its hint. */
.row .field ~ button { margin-top: 24px; }
/* A shadow at each side on which there is more: it scrolls under a cover that stays with the content. */
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; margin: 0 0 16px; background: linear-gradient(90deg, var(--surface) 24px, transparent) 0 0 / 48px 100% no-repeat local, linear-gradient(-90deg, var(--surface) 24px, transparent) 100% 0 / 48px 100% no-repeat local, linear-gradient(90deg, var(--shade), transparent) 0 0 / 16px 100% no-repeat scroll, linear-gradient(-90deg, var(--shade), transparent) 100% 0 / 16px 100% no-repeat scroll; }
table { width: 100%; border-collapse: collapse; } th, td { padding: 8px 12px; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); } tr:last-child td { border-bottom: 0; }
th { font-weight: 600; color: var(--muted); font-size: 13px; white-space: nowrap; } td form { display: inline; } td { overflow-wrap: normal; } td.value { max-width: 280px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
ul.tables { list-style: none; margin: 0; padding: 0; columns: 220px; } ul.tables li { padding: 4px 0; break-inside: avoid; }
.qr { width: 200px; max-width: 100%; margin: 0 0 12px; background: #fff; border-radius: 10px; overflow: hidden; } .qr svg { display: block; width: 100%; height: auto; }
code { font: 13px ui-monospace, monospace; } .secret { display: block; padding: 8px 10px; background: var(--sunken); border-radius: 6px; }
.danger { margin-top: 40px; padding: 16px; border: 1px solid var(--bad); border-radius: 10px; } .danger h2 { margin-top: 0; }
@media (max-width: 520px) { header, main, main.narrow { padding-left: 16px; padding-right: 16px; } main.narrow { padding-top: 24px; } header form span { display: none; } td button { min-height: 32px; } .row { flex-direction: column; align-items: stretch; } .row .field { flex: none; } .row .field ~ button { margin-top: 0; } .row > button, .row > .button, .row > form { align-self: start; }
/* A person or a tenant becomes a card: each value stands under the name of its column. */
.cards table, .cards tbody, .cards tr { display: block; } .cards thead { display: none; } .cards tr { padding: 8px 12px; border-bottom: 1px solid var(--line); } .cards tr:last-child { border-bottom: 0; }
.cards td { display: grid; grid-template-columns: 80px minmax(0, 1fr); gap: 8px; padding: 2px 0; border: 0; overflow-wrap: anywhere; } .cards td::before { content: attr(data-of); color: var(--muted); font-size: 13px; } .cards td button { justify-self: start; } }
@media (prefers-reduced-motion: no-preference) { button { transition: filter 80ms; } button:hover { filter: brightness(1.08); } }
`;
