# Copyright 2026 Plant Integration Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl)
"""The style of the docs page: inline, because the page must work without internet."""

STYLE = """
:root { --ink: #1d2733; --soft: #5b6875; --line: #dde3ea; --paper: #fff;
  --tint: #f5f7fa; --brand: #714b67; --code: #f3f0f4; --get: #1d6fa5;
  --post: #2f7d4f; --warn: #a4442c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e5e9ee; --soft: #9dabb9; --line: #333d48; --paper: #171c22;
    --tint: #1f262e; --brand: #c7a3bd; --code: #242b33; --get: #69b3e3;
    --post: #6fc292; --warn: #ee9a80; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
.page { display: grid; grid-template-columns: 17rem minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow-y: auto;
  padding: 1.5rem 1.25rem; background: var(--tint);
  border-right: 1px solid var(--line); font-size: .875rem; }
nav strong { display: block; margin: 1.1rem 0 .3rem; color: var(--soft);
  font-size: .72rem; letter-spacing: .06em; text-transform: uppercase; }
nav a { display: block; padding: .16rem 0; color: var(--ink);
  text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { color: var(--brand); text-decoration: underline; }
main { max-width: 62rem; padding: 2.5rem 3rem 5rem; }
h1 { margin: 0 0 .3rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 3.2rem 0 .8rem; padding-bottom: .3rem; font-size: 1.4rem;
  border-bottom: 2px solid var(--brand); }
h3 { margin: 2.2rem 0 .4rem; font-size: 1.08rem; overflow-wrap: anywhere; }
h4 { margin: 1.2rem 0 .4rem; font-size: .9rem; color: var(--soft); }
p, ul { margin: .5rem 0; max-width: 48rem; }
a { color: var(--brand); }
.lead { color: var(--soft); font-size: 1.1rem; }
code, pre { font: .86em/1.5 ui-monospace, "DejaVu Sans Mono", Consolas, monospace; }
code { padding: .08em .32em; background: var(--code); border-radius: 4px;
  overflow-wrap: anywhere; }
pre { margin: .7rem 0; padding: .9rem 1rem; overflow-x: auto;
  background: var(--code); border: 1px solid var(--line); border-radius: 8px; }
pre code { padding: 0; background: none; overflow-wrap: normal; }
.scroll { overflow-x: auto; }
td:first-child { white-space: nowrap; }
table { width: 100%; margin: .7rem 0; border-collapse: collapse;
  font-size: .9rem; }
th { color: var(--soft); font-size: .76rem; font-weight: 600; text-align: left;
  letter-spacing: .04em; text-transform: uppercase; white-space: nowrap; }
th, td { padding: .45rem .7rem .45rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line); }
td small { display: block; color: var(--soft); }
.d1 { padding-left: 1.3rem; } .d2 { padding-left: 2.6rem; }
.d3 { padding-left: 3.9rem; } .d4 { padding-left: 5.2rem; }
.d5 { padding-left: 6.5rem; }
.method { display: inline-block; min-width: 3.4rem; margin-right: .5rem;
  color: var(--paper); background: var(--get); border-radius: 5px;
  font-size: .72rem; font-weight: 700; line-height: 1.7; text-align: center; }
.method.post { background: var(--post); }
.must { color: var(--warn); font-size: .78rem; font-weight: 600; }
.tag { display: inline-block; padding: 0 .5em; color: var(--soft);
  border: 1px solid var(--line); border-radius: 1em; font-size: .78rem; }
:target { scroll-margin-top: 1rem; }
tr:target, h3:target { background: color-mix(in srgb, var(--brand) 14%, transparent); }
@media (max-width: 60rem) {
  .page { display: block; } main { padding: 1.5rem; }
  nav { position: static; height: auto; border: 0; } }
@media print { nav { display: none; } .page { display: block; } }
"""
