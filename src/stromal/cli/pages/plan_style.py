"""How the page of the plan looks: readable in grey, on a telephone, and on paper."""

STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
html { font: 15px/1.4 "Noto Sans", "DejaVu Sans", "Noto Sans CJK SC", "Microsoft YaHei",
  "PingFang SC", system-ui, sans-serif; }
body { color: #111; background: #fff; margin: 0 auto;
  max-width: 60rem; padding: .8rem 1.2rem 2rem; overflow-wrap: break-word; }
h1 { font-size: 1.35rem; margin: .5rem 0 .1rem; line-height: 1.2; }
h2 { font-size: 1rem; margin: .8rem 0 .25rem; padding-bottom: .1rem;
  border-bottom: 2px solid #0b4f8a; }
p { margin: .2rem 0; } ul { margin: .2rem 0; padding-left: 1.1rem; } li { margin: .12rem 0; }
nav { display: flex; gap: .5rem; } nav label { border: 1px solid #0b4f8a; padding: .25rem .8rem;
  border-radius: .3rem; cursor: pointer; }
input[name=view] { position: absolute; opacity: 0; }
article { display: none; }
#v-board:checked ~ .board, #v-whole:checked ~ .whole, #v-letter:checked ~ .letter {
  display: block; }
#v-board:checked ~ nav label[for=v-board], #v-whole:checked ~ nav label[for=v-whole],
#v-letter:checked ~ nav label[for=v-letter] { background: #0b4f8a; color: #fff; }
input[name=view]:focus-visible ~ nav { outline: 3px solid #e69f00; }
.now { border: 2px solid #111; border-left-width: 10px; padding: .2rem .6rem; margin: .4rem 0; }
section.first { border: 2px dashed #8a4b00; padding: 0 .7rem .3rem; margin-top: .6rem; }
section.first h2 { border: 0; margin-top: .3rem; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 0 1.6rem; }
dl { display: grid; grid-template-columns: minmax(7rem, 11rem) 1fr; gap: .08rem .7rem; margin: 0; }
dt { color: #333; } dd { margin: 0; font-weight: 600; }
dd.open, dd.ask { font-weight: 400; font-style: italic; }
table { border-collapse: collapse; width: 100%; margin: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .2rem .4rem;
  border-bottom: 1px solid #aaa; }
th { font-size: .82rem; border-bottom: 2px solid #333; } td.g, th.g { text-align: center; }
td.g { white-space: nowrap; }
tr.refused .name { text-decoration: line-through; } tr.offered .name { font-weight: 700; }
tr.refused { background: #f1f1f1; } .sign { white-space: nowrap; font-weight: 700; }
li.refused { list-style: none; margin-left: -1.1rem; border-left: 6px solid #111;
  padding-left: .5rem; }
small, .small { font-size: .82rem; color: #333; }
.sources { overflow-wrap: anywhere; font-size: .78rem; color: #333; }
.line { border-bottom: 1px solid #111; min-height: 1.6rem; padding-top: .5rem; }
footer { margin-top: .8rem; font-size: .78rem; color: #333; border-top: 1px solid #777; }
@media (max-width: 45rem) { .two { display: block; } .wide { overflow-x: auto; }
  td:first-child { min-width: 13rem; }
  dl { grid-template-columns: minmax(6rem, 38%) 1fr; } }
@media print { nav, input { display: none !important; } body { padding: 0; max-width: none; }
  html { font-size: 8.8pt; line-height: 1.25; } h1 { font-size: 12.5pt; margin-top: 0; }
  h2 { font-size: 9.4pt; break-after: avoid; margin-top: 4pt; }
  .two { display: grid; } tr, li, .now, dd { break-inside: avoid; }
  th, td { padding: 1.5pt 3pt; } a { color: inherit; text-decoration: none; }
  .line { min-height: 12pt; padding-top: 3pt; } footer { margin-top: 4pt; }
  @page { size: A4; margin: 11mm 12mm; } }
"""
