package dev.ferrule.demo.home

/** The look of the drawn home screens; it goes on where the page's own style sheet ends. */
internal object HomeStyle {
    /** The style sheet; it holds neither `<` nor `&`. */
    const val CSS: String = """
:root {
  --board: #e9eaee; --board-line: #d3d6dc; --board-ink: #23272d; --on-tile: #ffffff;
  --k-app: #4a66c9; --k-app-1: #3d72bf; --k-app-2: #5470d2; --k-app-3: #3f5fae; --k-shortcut: #1d7f97; --k-folder: #c9ced8; --k-widget: #2f8a5f; --k-vendor: #7d57b8; --k-unknown: #68727d; --k-promise: #a4711c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --board: #23272c; --board-line: #363c43; --board-ink: #e2e1dd; --on-tile: #ffffff;
    --k-app: #5f7be0; --k-app-1: #4f86d4; --k-app-2: #6b85e6; --k-app-3: #5573c4; --k-shortcut: #2a93ac; --k-folder: #434a54; --k-widget: #37986b; --k-vendor: #9270cc; --k-unknown: #7b8590; --k-promise: #b9832a;
  }
}
.board { display: block; width: 100%; height: auto; font-family: system-ui, sans-serif; }
.board .frame, .board .dock-frame { fill: var(--board); stroke: var(--board-line); }
.board text { text-anchor: middle; fill: var(--board-ink); }
.board .tray-title { text-anchor: start; fill: var(--soft); font-size: 11px; }
.board .label { font-size: 10.5px; }
.item.clash > .label { paint-order: stroke; stroke: var(--board); stroke-width: 2.5px; stroke-linejoin: round; }
.board .initials, .board .face-kind { fill: var(--on-tile); font-weight: 600; }
.board .face-kind { font-size: 10px; font-weight: 400; }
.k-app { --tile: var(--k-app); } .k-app.s1 { --tile: var(--k-app-1); } .k-app.s2 { --tile: var(--k-app-2); } .k-app.s3 { --tile: var(--k-app-3); }
.k-shortcut { --tile: var(--k-shortcut); } .k-promise { --tile: var(--k-promise); }
.k-folder, .k-big-folder, .k-app-pair { --tile: var(--k-folder); }
.k-widget { --tile: var(--k-widget); } .k-vendor-widget { --tile: var(--k-vendor); } .k-unknown { --tile: var(--k-unknown); }
.item .surface { fill: var(--tile); }
.item .badge { stroke: var(--board); stroke-width: 1.5; fill: var(--accent); }
.item .sign { fill: none; stroke: var(--paper); stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.item.moved > .surface { stroke: var(--accent); stroke-width: 2.5; }
.item.clash > .surface { stroke: var(--bad); stroke-width: 2.5; } .item.clash > .badge { fill: var(--bad); }
.item.held > .surface { fill: var(--card); stroke: var(--tile); stroke-width: 1.6; }
.item.held > .hatch { fill: none; stroke: var(--tile); stroke-width: 1.5; opacity: .5; }
.item.held > .initials, .item.held > .face-kind { fill: var(--board-ink); paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.item.held > .face-kind { stroke-width: 3px; }
.item.held > .badge { fill: var(--warn); }
.item.opaque > .surface { fill: var(--tile); opacity: .75; }
.item.opaque > .second { fill: none; stroke: var(--on-tile); stroke-width: 1.2; stroke-dasharray: 3 2.5; }
.item.aside > .surface { fill: var(--card); stroke: var(--warn); stroke-width: 1.6; stroke-dasharray: 4 3; }
.item.aside > .initials { fill: var(--warn); }
.item.faded > .surface { fill: none; stroke: var(--soft); stroke-width: 1.4; stroke-dasharray: 1.5 4; stroke-linecap: round; }
.item.faded > .initials, .item.faded > .face-kind, .item.faded > .label { fill: var(--soft); opacity: .75; font-style: italic; }
.item.ghost > .surface { fill: none; stroke: var(--bad); stroke-width: 1.3; stroke-dasharray: 4 3; }
.item.ghost > .initials, .item.ghost > .face-kind { fill: var(--bad); opacity: .5; }
.item.ghost > .strike { fill: none; stroke: var(--bad); stroke-width: 1.6; opacity: .85; }
.item.ghost > .label { fill: var(--bad); text-decoration: line-through; }
.swatch { width: 1.5rem; height: 1.5rem; flex: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem 1.1rem; padding: 0; margin: 1rem 0; font-size: .88rem; }
.legend li { display: flex; align-items: center; gap: .45rem; }
.tally { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem 1.2rem; margin: 1.2rem 0; }
.tally dt { font-weight: 600; margin-top: .7rem; } .tally dt:first-child { margin-top: 0; }
.tally dd { margin: .25rem 0 0; }
.bar { display: block; width: 100%; height: 1.5rem; border-radius: .4rem; }
.bar .shown { fill: var(--good); } .bar .held { fill: var(--warn); } .bar .opaque { fill: var(--k-vendor); } .bar .quarantined { fill: var(--k-promise); }
.bar .invisible { fill: var(--soft); } .bar .deleted { fill: var(--bad); }
.parts { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .35rem 0 0; padding: 0; font-size: .92rem; }
.parts li::before { content: ""; display: inline-block; width: .7rem; height: .7rem; border-radius: .2rem; margin-right: .4rem; background: var(--dot); }
.parts .shown { --dot: var(--good); } .parts .held { --dot: var(--warn); } .parts .opaque { --dot: var(--k-vendor); } .parts .quarantined { --dot: var(--k-promise); }
.parts .invisible { --dot: var(--soft); } .parts .deleted { --dot: var(--bad); } .parts .deleted b { color: var(--bad); }
.verdict-line { font-size: 1.15rem; font-weight: 600; margin: 1rem 0 .3rem; }
figure.page { background: var(--card); border: 1px solid var(--line); border-radius: .8rem; margin: 1rem 0; padding: .9rem 1rem 1.1rem; }
figcaption { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; margin-bottom: .6rem; }
figcaption h4 { font-size: 1.02rem; color: var(--ink); margin: 0; }
figcaption p { margin: 0; color: var(--soft); font-size: .92rem; }
.boards { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1.1rem; }
.boards .who { margin: 0 0 .35rem; font-size: .85rem; font-weight: 600; color: var(--soft); }
.parts .none { --dot: var(--line); }
.stories td.legacy { color: var(--bad); }
.stories .back { display: block; color: var(--soft); }
.stories .names { display: block; font-weight: 400; color: var(--soft); font-size: .88em; }
.stories .code { display: block; margin-top: .15rem; }
@media (min-width: 46.01rem) {
  .stories th[scope="row"] { width: 24%; } .stories td:nth-child(2) { width: 19%; } .stories td:nth-child(3) { width: 24%; }
}
@media (max-width: 46rem) {
  figure.page { padding: .8rem .7rem; }
  .boards { display: flex; overflow-x: auto; scroll-snap-type: x mandatory; margin: 0 -.7rem; padding: 0 .7rem .5rem; gap: .8rem; }
  .boards > div { flex: 0 0 min(19rem, 84%); scroll-snap-align: center; }
  .boards:focus-visible { outline: 2px solid var(--accent); }
}
@media print {
  :root { --board: #ffffff; --board-line: #999999; }
  figure.page { break-inside: avoid; }
  .boards { display: grid; }
  .board, .bar, .swatch, .parts li::before { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
}
