// The style sheet inside an HTML replay: the page's own colours, system fonts, both themes.

export const REPLAY_STYLE = `
:root{color-scheme:light dark;--bg:light-dark(#f6f5f3,#0e1013);--surface:light-dark(#fff,#16181d);
--line:light-dark(#e6e4e0,#262a32);--control:light-dark(#868b94,#6d7583);--ink:light-dark(#15171c,#eceef2);
--ink-2:light-dark(#444953,#bcc1cb);--ink-3:light-dark(#626772,#949ba8);--accent:light-dark(#2456d6,#8fb0ff);
--soft:light-dark(#e9effd,#1b2743);--bar:light-dark(#4a7bea,#5d89f2);--hatch:light-dark(#8d929c,#6d7583);
--mono:"JetBrains Mono",ui-monospace,"SF Mono",Menlo,Consolas,monospace}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:24px 16px;background:var(--bg);color:var(--ink);
font:400 15px/1.5 Inter,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2,p,ol{margin:0;padding:0;list-style:none}
h1{font-size:18px}h2{font-size:15px}
.note{color:var(--ink-3);font-size:13px}
.card{margin-top:16px;padding:16px 20px;background:var(--surface);border:1px solid var(--line);border-radius:12px}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:8px}
.grow{flex:1}
button,select{min-height:36px;padding:0 12px;border:1px solid var(--control);border-radius:7px;
background:var(--surface);color:inherit;font:inherit}
button{cursor:pointer}
button[aria-disabled=true]{opacity:.45;cursor:default}
#play{min-width:88px;border-color:var(--accent);background:var(--accent);
color:light-dark(#fff,#0b1226);font-weight:600}
input{flex:1;min-width:120px;height:36px;accent-color:var(--accent)}
:focus{outline:none}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
#strip{margin:12px 0;font:400 20px/44px var(--mono);overflow-wrap:anywhere}
.tok{display:inline-block;max-width:100%;min-height:0;margin-right:2px;padding:4px 1px 6px;border:0;border-bottom:1px solid var(--control);
border-radius:3px;background:none;font:inherit;line-height:24px;white-space:pre-wrap}
.tok.prompt{color:var(--ink-2)}
button.tok{background:var(--soft);font-weight:600}
button.tok.later{background:none;color:var(--ink-3);font-weight:400}
button.tok.next{box-shadow:0 0 0 2px var(--accent);color:var(--ink)}
.tok:is(.a1,.a2,.a3,.b1,.b2,.b3){color:var(--ink)}
.tok.a1{background:light-dark(#dbe6fc,#1e2b48)}.tok.a2{background:light-dark(#b3cbf8,#264279)}
.tok.a3{background:light-dark(#86abf1,#335eb5)}.tok.b1{background:light-dark(#fce5c8,#382a17)}
.tok.b2{background:light-dark(#f6c88d,#5d4118)}.tok.b3{background:light-dark(#e9a54f,#855818)}
.tok:is(.b1,.b2,.b3){border-bottom-style:dashed}
#maps{margin-top:8px}#maps p{flex-basis:100%}
.ws{display:inline-block;width:.6em;height:1em;vertical-align:-.14em;fill:none;stroke:currentColor;
stroke-width:1.3;stroke-linecap:round;stroke-linejoin:round;opacity:.62;overflow:visible}
.ws.newline,.ws.tab,.ws.empty{width:.85em}
.special{padding:1px 8px;border:1px solid var(--control);border-radius:99px;font-size:.8em}
.bytes{padding:1px 4px;border:1px dashed var(--control);border-radius:3px;font-size:.8em}
#facts{margin-top:4px;min-height:20px;color:var(--ink-2);font-size:13px;font-variant-numeric:tabular-nums}
#bars{margin-top:12px}
.b{display:grid;grid-template-columns:minmax(96px,160px) 1fr 72px;gap:10px;align-items:center;height:34px;
padding:0 8px;border-radius:7px}
.b.chosen{background:var(--soft);box-shadow:inset 3px 0 0 var(--accent)}
.b .t{overflow:hidden;font:500 15px var(--mono);text-overflow:ellipsis;white-space:pre}
.b.other .t{font:400 13px Inter,system-ui,sans-serif;color:var(--ink-2)}
.plot{display:block;width:100%;height:26px;overflow:visible}
.final{fill:var(--bar)}.other .final{fill:var(--hatch)}
.cut{fill:none;stroke:var(--hatch);stroke-dasharray:3 2}
.raw{fill:var(--ink);stroke:var(--surface)}
.pct{font-size:14px;font-variant-numeric:tabular-nums;text-align:right;white-space:nowrap}
.sr{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:pre}
@media(max-width:600px){.b{grid-template-columns:96px 1fr 66px}}
main>.note{margin-top:12px}
[hidden]{display:none!important}
`;
