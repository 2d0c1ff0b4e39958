//! The look of the report and its few lines of script. No fonts, images or scripts from anywhere.

/// The style sheet.
pub const CSS: &str = r#"
:root {
  color-scheme: light dark;
  --paper: #f6f5f2; --card: #ffffff; --ink: #1d2126; --soft: #5c646d; --line: #dcdad4;
  --good: #1c7c4a; --good-soft: #e2f3e9; --warn: #8a5a00; --warn-soft: #fbefd5; --bad: #b3261e; --bad-soft: #fbe4e2;
  --accent: #b4532a; --legacy: #5b7a9d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1d2125; --ink: #e8e6e1; --soft: #a2a9b0; --line: #343a40;
    --good: #6fd39b; --good-soft: #17382a; --warn: #f0bf62; --warn-soft: #3d2f12; --bad: #f2958d; --bad-soft: #431f1c;
    --accent: #f0936a; --legacy: #8fb0d4;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 76rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 3.5rem 0 .5rem; letter-spacing: -.01em; overflow-wrap: anywhere; }
h3 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h4 { font-size: 1.05rem; margin: 0 0 .6rem; } .feature > h4 { margin: 1.6rem 0 .6rem; }
h5 { font-size: .8rem; margin: .2rem 0 .4rem; color: var(--soft); font-weight: 600; }
header p { max-width: 46rem; margin: 0 0 .6rem; color: var(--soft); }
header .eyebrow { color: var(--accent); font-weight: 600; margin: 0 0 .25rem; }
.about, .none { color: var(--soft); margin: .5rem 0; font-size: .92rem; }
p.good { color: var(--good); } p.warn { color: var(--warn); } p.bad { color: var(--bad); }
.device { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .8rem 0 0; }
.device li { background: var(--card); border: 1px solid var(--line); border-radius: 999px; padding: .2rem .8rem; font-size: .88rem; overflow-wrap: anywhere; }
.device li.bad { background: var(--bad-soft); color: var(--bad); border-color: transparent; }
.verdicts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; margin: 1.6rem 0 0; padding: 0; list-style: none; }
.verdicts li.verdict { background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; }
.verdicts .good.verdict { border-top-color: var(--good); } .verdicts .warn.verdict { border-top-color: var(--warn); } .verdicts .bad.verdict { border-top-color: var(--bad); }
.verdicts a { color: inherit; font-weight: 600; text-decoration-color: var(--line); text-underline-offset: .2em; overflow-wrap: anywhere; }
.verdicts p { margin: .35rem 0 .8rem; } .verdict.good p { color: var(--good); } .verdict.warn p { color: var(--warn); } .verdict.bad p { color: var(--bad); }
.track { list-style: none; display: flex; gap: 3px; margin: 0; padding: 0; font-size: .72rem; color: var(--soft); }
.track li { flex: 1 1 auto; border-top: 5px solid var(--line); padding-top: .25rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.track li.here { flex: 2 1 auto; border-top-color: var(--accent); color: var(--ink); font-weight: 600; overflow: visible; }
.track li.done { border-top-color: var(--soft); }
.verdict-line { font-size: 1.1rem; font-weight: 600; margin: .2rem 0 1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(10.5rem, 46%), 1fr)); gap: .9rem 1.4rem; margin: 1rem 0 1.4rem; padding: 0; }
.figures div { border-left: 3px solid var(--line); padding-left: .8rem; } .figures .good { border-left-color: var(--good); } .figures .bad { border-left-color: var(--bad); }
.figures dt { color: var(--soft); font-size: .82rem; } .figures dd { margin: 0; }
.figures b { display: block; font-size: 1.5rem; line-height: 1.25; font-variant-numeric: tabular-nums; letter-spacing: -.01em; } .figures .bad b { color: var(--bad); }
.figures span { color: var(--soft); font-size: .82rem; }
.grid { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1rem; }
.column { display: grid; gap: 1rem; align-content: start; min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; min-width: 0; }
.demands { list-style: none; margin: 0; padding: 0; }
.demands li { display: grid; grid-template-columns: 1.1rem 10rem 1fr; column-gap: .5rem; align-items: baseline; padding: .28rem 0; border-bottom: 1px solid var(--line); font-size: .92rem; } .demands li:last-child { border-bottom: 0; }
.demands li::before { content: "✓"; color: var(--good); font-weight: 700; } .demands li.bad::before { content: "✗"; color: var(--bad); }
.demands li b { font-weight: 500; } .demands li.bad b { font-weight: 700; } .demands code { grid-column: 3; justify-self: start; margin: .15rem 0 .1rem; }
.demands .state { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.demands .detail { color: var(--soft); font-size: .9rem; }
.demands .bad .detail { color: var(--bad); }
.classes { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: 4px; margin: 0; padding: 0; }
.classes li { border-radius: .35rem; padding: .35rem .55rem; font-size: .85rem; min-width: 0; border: 1px solid transparent; }
.classes b { display: block; font-weight: 600; overflow-wrap: anywhere; } .classes span { font-size: .8rem; opacity: .85; font-variant-numeric: tabular-nums; }
.h0 { background: var(--bad-soft); color: var(--bad); border-color: var(--bad) !important; border-style: dashed !important; }
.h1 { background: var(--warn-soft); color: var(--warn); }
.h2 { background: color-mix(in srgb, var(--good) 14%, var(--card)); } .h3 { background: color-mix(in srgb, var(--good) 28%, var(--card)); } .h4 { background: color-mix(in srgb, var(--good) 44%, var(--card)); }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; font-size: .92rem; margin: .6rem 0; }
.card table { border: 0; border-radius: 0; font-size: .88rem; } .card th, .card td { padding: .35rem .5rem .35rem 0; } .card tbody th { white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: .45rem .7rem; border-bottom: 1px solid var(--line); font-weight: 400; overflow-wrap: break-word; }
td.long { word-break: break-all; }
td { font-variant-numeric: tabular-nums; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .8rem; font-weight: 600; color: var(--soft); }
tbody th { font-weight: 600; }
tr.good th { box-shadow: inset 4px 0 var(--good); } tr.warn th { box-shadow: inset 4px 0 var(--warn); } tr.bad th { box-shadow: inset 4px 0 var(--bad); }
code { font: .82em/1.4 ui-monospace, monospace; background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .05rem .35rem; overflow-wrap: anywhere; }
details { background: var(--card); border: 1px solid var(--line); border-left-width: 4px; border-radius: .6rem; padding: .7rem 1rem; margin: .6rem 0; }
details.good { border-left-color: var(--good); } details.warn { border-left-color: var(--warn); } details.bad { border-left-color: var(--bad); }
summary { cursor: pointer; } summary .verdict { float: right; color: var(--soft); font-size: .85rem; } details.bad summary .verdict { color: var(--bad); }
.panes { display: grid; grid-template-columns: minmax(12rem, 1fr) 2.4fr; gap: 1.4rem; margin-top: .8rem; }
.tree { list-style: none; margin: 0; padding: 0; } .tree .tree { margin-left: .55rem; padding-left: .8rem; border-left: 1px solid var(--line); } .tree li { padding: .12rem 0; }
.tree .kind { color: var(--bad); font-size: .85rem; margin-left: .5rem; } details.good .kind { color: var(--good); }
.tools input { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .25rem .6rem; min-width: 14rem; }
.no-script .tools { display: none; }
.chart { display: block; width: 100%; height: auto; font: 11px system-ui, sans-serif; }
.chart path, .chart line { fill: none; stroke-width: 1.5; }
.chart .frame { fill: none; stroke: var(--line); } .chart .grid { stroke: var(--line); stroke-width: 1; opacity: .7; }
.chart text { fill: var(--soft); } .chart .middle { text-anchor: middle; } .chart .end { text-anchor: end; }
.chart .word { font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.chart .ideal { stroke: var(--soft); stroke-dasharray: 3 4; }
.chart .gate { stroke: var(--accent); stroke-width: 2; } .chart text.gate { fill: var(--accent); stroke: var(--card); stroke-width: 4px; }
.chart .evidence { stroke: var(--good); stroke-width: 2.5; stroke-linejoin: round; } .chart .evidence.burned { stroke: var(--bad); }
.chart circle.now { fill: var(--good); } .chart circle.burned { fill: var(--bad); } .chart text.now { fill: var(--good); } .chart text.burned { fill: var(--bad); }
.chart .area.legacy { fill: var(--legacy); fill-opacity: .28; stroke: var(--legacy); } .chart .area.candidate { fill: var(--accent); fill-opacity: .22; stroke: var(--accent); stroke-width: 2; }
.chart .mark { stroke-dasharray: 2 3; } .chart .mark.legacy { stroke: var(--legacy); } .chart .mark.candidate { stroke: var(--accent); } .chart text.mark { font-size: 9.5px; stroke-dasharray: none; } .chart text.mark.legacy { fill: var(--legacy); stroke: none; } .chart text.mark.candidate { fill: var(--accent); stroke: var(--card); } .chart .mark.all { stroke: var(--bad); } .chart text.mark.all { fill: var(--bad); stroke: none; }
.key { list-style: none; display: flex; gap: 1.2rem; padding: 0; margin: .3rem 0 0; font-size: .85rem; }
.key li::before { content: ""; display: inline-block; width: .75rem; height: .75rem; border-radius: .2rem; margin-right: .4rem; background: var(--dot); } .key .legacy { --dot: var(--legacy); } .key .candidate { --dot: var(--accent); }
.lanes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr)); gap: 1rem; }
.lanes figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .8rem 1rem; } figcaption { font-weight: 600; font-size: .92rem; margin-bottom: .3rem; overflow-wrap: anywhere; }
.commands { list-style: none; padding: 0; } .commands li { margin: .4rem 0; } .commands code { display: block; padding: .5rem .7rem; background: var(--card); }
footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
a:focus-visible, summary:focus-visible, input:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .4rem .8rem; }
@media screen and (max-width: 60rem) { .grid, .panes { grid-template-columns: minmax(0, 1fr); } }
@media screen and (max-width: 46rem) {
  body { padding: 1.25rem .8rem 2rem; }
  h1 { font-size: 1.6rem; }
  .card { padding: .9rem .8rem; }
  .track { font-size: .66rem; } .track li { flex-basis: 0; } .track li:not(.here) { text-indent: -99rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: 100%; }
  tbody tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th, tbody td { border: 0; padding: .12rem .7rem; }
  tr.good, tr.warn, tr.bad { border-left: 4px solid var(--line); } tr.good { border-left-color: var(--good); } tr.warn { border-left-color: var(--warn); } tr.bad { border-left-color: var(--bad); }
  tr.good th, tr.warn th, tr.bad th { box-shadow: none; }
  .demands li { grid-template-columns: 1.1rem 1fr; } .demands li > :not(.state) { grid-column: 2; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .8rem; }
  summary .verdict { float: none; display: block; }
}
@media print {
  :root {
    --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; --good: #146239; --good-soft: #e2f3e9; --warn: #7a4f00; --warn-soft: #fbefd5; --bad: #9c1c15; --bad-soft: #fbe4e2; --accent: #a0461f; --legacy: #41648c;
  }
  :root { font-size: 8.5pt; }
  body { padding: 0; max-width: none; }
  h2 { margin-top: 2rem; break-after: avoid; } h4, h5 { break-after: avoid; }
  .card, .verdict, tr, .lanes figure, .figures, details, .commands li { break-inside: avoid; }
  .grid { grid-template-columns: repeat(2, minmax(0, 1fr)); } .demands li { grid-template-columns: 1rem 7rem 1fr; }
  .figures { grid-template-columns: repeat(5, 1fr); gap: .6rem; } .figures b { font-size: 1.2rem; }
  .lanes { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .tools, .skip { display: none; }
  .classes li, .track li, .key li::before, .chart { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"#;

/// The script: a filter over differences. Without it the page shows the same.
pub const SCRIPT: &str = r#"
document.documentElement.classList.remove("no-script");
for (const input of document.querySelectorAll("[data-filter]")) {
  input.addEventListener("input", () => {
    const wanted = input.value.toLowerCase();
    let next = input.closest("p").nextElementSibling;
    while (next && next.classList.contains("difference")) {
      next.hidden = !next.textContent.toLowerCase().includes(wanted);
      next = next.nextElementSibling;
    }
  });
}
"#;
