/** The page's style sheet: no external fonts or files; light, dark and print; readable from 800 px on. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f4f6f9; --card: #ffffff; --text: #18212f; --muted: #566274; --line: #d9dfe8; --soft: #eef2f7; --link: #0a58a8;
  --pass: #0d6b3a; --pass-soft: #e3f4ea; --fail: #a6161f; --fail-soft: #fdeaea; --unknown-text: #7a5000; --unknown-soft: #fdf2d8;
  --writes: #0b62b5; --reads: #b25a00; --ok: #2f8f6b; --failed: #b3202b; --unknown: #d99a00;
  --band: rgba(11, 98, 181, 0.13); --outage: rgba(179, 32, 43, 0.14); --weak: rgba(110, 120, 140, 0.12);
  --hop-1: #0b62b5; --hop-2: #d97a00; --hop-3: #2f8f6b; --hop-4: #8757b3; --hop-5: #c2407d; --hop-6: #6b7683; --hop-7: #a8323e;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #10141b; --card: #191f29; --text: #e4e9f0; --muted: #9aa7b8; --line: #303a4a; --soft: #222a37; --link: #7cbcf7;
    --pass: #6fd79c; --pass-soft: #14301f; --fail: #ff9a9a; --fail-soft: #3b1a1d; --unknown-text: #f2c86a; --unknown-soft: #352a10;
    --writes: #6cb4f5; --reads: #f0a350; --ok: #4db58c; --failed: #ef6a70; --unknown: #f0c04c;
    --band: rgba(108, 180, 245, 0.18); --outage: rgba(239, 106, 112, 0.2); --weak: rgba(160, 172, 190, 0.13);
    --hop-1: #5aa9ee; --hop-2: #f0a350; --hop-3: #4db58c; --hop-4: #b593dc; --hop-5: #e77fb0; --hop-6: #93a0b0; --hop-7: #e5737d;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main, .contents { max-width: 1180px; margin: 0 auto; padding: 0 20px; }
a { color: var(--link); }
h1 { font-size: 1.55rem; line-height: 1.25; margin: 0 0 .2rem; }
h2 { font-size: 1.2rem; margin: 0 0 .7rem; }
h3 { font-size: 1rem; margin: 1.3rem 0 .5rem; }
p { margin: .4rem 0 .7rem; max-width: 78ch; }
code, .mono { font-family: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", Menlo, monospace; font-size: .9em; }
pre { background: var(--soft); padding: .7rem .9rem; border-radius: 6px; overflow-x: auto; margin: .5rem 0; }
.muted, caption, .hint { color: var(--muted); }
.hint { font-size: .88rem; }
section, .banner { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.3rem 1.2rem; margin: 0 0 16px; scroll-margin-top: 8px; }
.banner { margin-top: 18px; border-left-width: 8px; }
.banner.pass { border-left-color: var(--pass); } .banner.fail { border-left-color: var(--fail); } .banner.unknown { border-left-color: var(--unknown-text); }
.banner .answer { font-size: 1.12rem; max-width: 90ch; margin: .55rem 0 .5rem; }
.banner .work { border-top: 1px solid var(--line); padding-top: .6rem; margin: .8rem 0 0; max-width: none; color: var(--muted); }
.banner .title { display: flex; flex-wrap: wrap; gap: .3rem .9rem; align-items: center; }
.banner .badge { font-size: 1.05rem; padding: .22em .8em; }
.incomplete { background: var(--unknown-soft); color: var(--unknown-text); border: 2px solid var(--unknown-text); border-radius: 10px; padding: .8rem 1.2rem; margin: 18px 0 0; font-weight: 600; }
.badge { display: inline-block; border-radius: 999px; padding: .08em .7em; font-weight: 700; white-space: nowrap; border: 1px solid currentColor; text-transform: uppercase; font-size: .82rem; letter-spacing: .03em; }
.badge.pass { color: var(--pass); background: var(--pass-soft); } .badge.fail { color: var(--fail); background: var(--fail-soft); } .badge.unknown { color: var(--unknown-text); background: var(--unknown-soft); }
.badge.plain { color: var(--muted); background: var(--soft); }
.contents { font-size: .88rem; padding-bottom: 12px; line-height: 1.9; } .contents a { margin-right: .95rem; white-space: nowrap; text-decoration: none; } .contents a:hover { text-decoration: underline; }
.scroll { overflow-x: auto; margin: .5rem 0 .2rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
caption { text-align: left; font-size: .88rem; padding: 0 0 .35rem; caption-side: top; }
th, td { padding: .38rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; text-align: left; }
th { font-weight: 600; color: var(--muted); border-bottom: 2px solid var(--line); vertical-align: bottom; }
th.number, td.number { text-align: right; font-variant-numeric: tabular-nums; } td.number, td.text > strong:only-child, .node-name { white-space: nowrap; } sup { line-height: 0; } tr.group td { border-bottom: 0; padding-top: .8rem; } tr.joined td { border-bottom-color: transparent; }
tbody tr:hover { background: var(--soft); }
.term { border-bottom: 1px dotted var(--muted); cursor: help; }
.withheld sup a { text-decoration: none; margin-left: 1px; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: .7rem 1.4rem; margin: .8rem 0 0; }
.facts dt { color: var(--muted); font-size: .82rem; } .facts dd { margin: 0; font-weight: 500; overflow-wrap: anywhere; }
.gaps-frame section { border-left: 8px solid var(--unknown-text); } .gaps-frame ul { margin: .2rem 0 0; padding-left: 1.2rem; } .gaps-frame li { margin: .25rem 0; max-width: 95ch; }
.lost { font-size: 1.02rem; font-weight: 600; margin: .9rem 0 0; max-width: none; }
.chart { width: 100%; overflow: hidden; } .controls { display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; align-items: center; margin: .5rem 0 .8rem; font-size: .9rem; }
.controls label { cursor: pointer; white-space: nowrap; } .controls button, button.link { font: inherit; cursor: pointer; color: var(--link); background: none; border: 1px solid var(--line); border-radius: 6px; padding: .1rem .6rem; }
a.go { white-space: nowrap; }
.notes { margin: .3rem 0; padding-left: 1.5rem; font-size: .9rem; } .notes li { margin: .15rem 0; } .notes li:target { background: var(--unknown-soft); }
.finding { border-top: 1px solid var(--line); padding: .8rem 0 .2rem; } .finding h3 { margin: 0 0 .4rem; } .finding dl { display: grid; grid-template-columns: 6.5rem 1fr; gap: .2rem .8rem; margin: 0; font-size: .92rem; } .finding dt { color: var(--muted); } .finding dd { margin: 0; max-width: 90ch; }
details { margin: .6rem 0 0; } summary { cursor: pointer; color: var(--link); } details[open] > summary { margin-bottom: .4rem; }
.log { max-height: 32rem; overflow: auto; border: 1px solid var(--line); border-radius: 6px; } .log table { font-size: .84rem; } .log td { padding: .16rem .6rem; } .log .scroll { margin: 0; overflow: visible; } .log th { position: sticky; top: 0; background: var(--card); }
input[type="search"] { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .25rem .6rem; width: 20rem; max-width: 100%; }
svg.nodes { width: 100%; height: auto; max-height: 440px; margin: .9rem 0 0; } svg.nodes rect { fill: var(--soft); stroke: var(--line); } svg.nodes .hit rect { stroke: var(--failed); stroke-width: 2; } svg.nodes .group { fill: none; stroke-dasharray: 4 3; stroke: var(--muted); } svg.nodes text { fill: var(--text); font-size: 15px; } svg.nodes .small { fill: var(--muted); font-size: 13px; } svg.nodes .hit .small { fill: var(--failed); font-weight: 600; } svg.nodes path { stroke: var(--muted); fill: none; stroke-width: 1.3; } svg.nodes .tip { fill: var(--muted); stroke: none; }
.doubt { color: var(--unknown-text); font-weight: 600; } .good { color: var(--pass); font-weight: 600; } .bad { color: var(--fail); font-weight: 600; }
.capacity { font-size: 1.05rem; max-width: none; } select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .15rem .4rem; max-width: 100%; }
.bar { display: inline-block; width: 110px; height: .8em; background: var(--soft); border-radius: 3px; vertical-align: middle; } .bar span { display: block; height: 100%; background: var(--writes); border-radius: 3px; }
.path { overflow-wrap: anywhere; } .banner.plain { border-left-color: var(--writes); }
.needs-script { color: var(--muted); padding: 1rem 0; }
footer { color: var(--muted); font-size: .88rem; padding: 4px 0 30px; }
@media (max-width: 900px) { main, .contents { padding: 0 12px; } section, .banner { padding: .9rem .95rem 1rem; } th, td { padding: .32rem .42rem; } table { font-size: .86rem; } #injections table, #load table { font-size: .78rem; } #injections th, #injections td, #load th, #load td { padding: .3rem .28rem; } }
@media print {
  details::details-content { content-visibility: visible; } #log details { display: none; } a::after { content: none; }
  :root { color-scheme: light; --page: #ffffff; }
  html { font-size: 11px; } body { font-size: 1rem; } main { max-width: none; padding: 0; } section, .banner { border-radius: 0; padding: .6rem .7rem; margin-bottom: 10px; } .contents, .controls, #events { display: none; }
  .chart, svg.nodes, tr, .finding { break-inside: avoid; } h2, h3 { break-after: avoid; } .scroll { overflow: visible; } th, td { padding: .2rem .3rem; } table { font-size: .86rem; } a { color: inherit; text-decoration: none; } td.number, th.number { white-space: normal; }
}
`;
