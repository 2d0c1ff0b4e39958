package dev.ferrule.demo

/** The look of the page. No fonts, images or scripts from anywhere. */
internal object HtmlStyle {
    /** The whole style sheet; it holds neither `<` nor `&`. */
    const val CSS: String = """
:root {
  color-scheme: light dark;
  --paper: #f6f5f2; --card: #ffffff; --ink: #1d2126; --soft: #5c646d; --line: #dcdad4;
  --good: #1c7c4a; --good-soft: #e2f3e9; --warn: #8a5a00; --warn-soft: #fbefd5; --bad: #b3261e; --bad-soft: #fbe4e2;
  --accent: #b4532a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171a; --card: #1d2125; --ink: #e8e6e1; --soft: #a2a9b0; --line: #343a40;
    --good: #6fd39b; --good-soft: #17382a; --warn: #f0bf62; --warn-soft: #3d2f12; --bad: #f2958d; --bad-soft: #431f1c;
    --accent: #f0936a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 3rem; max-width: 76rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 3rem 0 .5rem; letter-spacing: -.01em; }
h3 { font-size: 1.15rem; margin: 2rem 0 .75rem; }
h4 { font-size: 1.05rem; margin: 0; } summary h4 { display: inline; }
h5 { font-size: .8rem; margin: 1.1rem 0 .4rem; color: var(--soft); font-weight: 600; }
header p { max-width: 46rem; margin: 0 0 1rem; color: var(--soft); }
header .eyebrow { color: var(--accent); font-weight: 600; margin: 0 0 .25rem; }
.figures { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: 0; }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: 999px; padding: .3rem .9rem; font-size: .9rem; }
.figures .good b { color: var(--good); } .figures .warn b { color: var(--warn); } .figures .bad b { color: var(--bad); }
table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; font-size: .92rem; }
th, td { text-align: left; vertical-align: top; padding: .55rem .8rem; border-bottom: 1px solid var(--line); font-weight: 400; }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .8rem; font-weight: 600; color: var(--soft); }
tbody th { font-weight: 600; }
tbody th a { color: inherit; text-decoration-color: var(--line); text-underline-offset: .2em; }
tr.good th { border-left: 4px solid var(--good); } tr.warn th { border-left: 4px solid var(--warn); } tr.bad th { border-left: 4px solid var(--bad); }
tr.warn .legacy { color: var(--warn); } tr.bad .legacy { color: var(--bad); }
td.why { color: var(--soft); }
.chip { display: inline-block; border-radius: .35rem; padding: 0 .45rem; background: var(--paper); border: 1px solid var(--line); font-size: .85rem; white-space: nowrap; }
.chip.high, .chip.glass-full { background: var(--good-soft); color: var(--good); border-color: transparent; }
.chip.medium { background: var(--warn-soft); color: var(--warn); border-color: transparent; }
.chip.low { background: var(--bad-soft); color: var(--bad); border-color: transparent; }
code { font: .82em/1.4 ui-monospace, monospace; background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .05rem .35rem; overflow-wrap: anywhere; }
td code { margin-right: .3rem; }
.flaw { display: block; color: var(--warn); }
.flaw::first-letter { text-transform: uppercase; }
details { background: var(--card); border: 1px solid var(--line); border-left-width: 4px; border-radius: .6rem; padding: .8rem 1rem; margin: .8rem 0; }
details.good { border-left-color: var(--good); } details.warn { border-left-color: var(--warn); } details.bad { border-left-color: var(--bad); }
summary { cursor: pointer; }
summary .verdict { color: var(--soft); margin-left: .6rem; }
.about { margin: .4rem 0 .6rem; color: var(--soft); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem 1.2rem; margin: .8rem 0 0; }
.facts dt { font-size: .78rem; color: var(--soft); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.flaws { background: var(--warn-soft); border-radius: .45rem; padding: .1rem .9rem .6rem; margin-top: 1rem; }
.flaws h5 { margin: .7rem 0 .3rem; color: var(--warn); }
.flaws ul { margin: 0; padding-left: 1.1rem; }
.bad .flaws { background: var(--bad-soft); } .bad .flaws h5 { color: var(--bad); }
.reasons { margin: 0; padding-left: 1.4rem; } .reasons li { margin: .3rem 0; }
.detail { display: block; color: var(--soft); font: .8rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .9rem; }
footer p { margin: .3rem 0; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (max-width: 46rem) {
  body { padding: 1.25rem .8rem 2rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; width: 100%; }
  tbody tr { padding: .6rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th, tbody td { border: 0; padding: .15rem .8rem; }
  tr.good, tr.warn, tr.bad { border-left: 4px solid var(--line); }
  tr.good { border-left-color: var(--good); } tr.warn { border-left-color: var(--warn); } tr.bad { border-left-color: var(--bad); }
  tr.good th, tr.warn th, tr.bad th { border-left: 0; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .8rem; }
  .facts { grid-template-columns: 1fr 1fr; }
}
@media print {
  :root { --paper: #ffffff; --card: #ffffff; --ink: #000000; --soft: #444444; --line: #bbbbbb; }
  body { padding: 0; max-width: none; font-size: 10pt; }
  details, tr { break-inside: avoid; }
}
"""
}
