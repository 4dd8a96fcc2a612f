/** PAGE_STYLE is the whole style of the public pages, in the page itself: both themes, greyscale, print and a phone. */
export const PAGE_STYLE = `:root{color-scheme:light;--bg:#FBFAF7;--ink:#191816;--i2:#504C45;--i3:#69645B;--l:#E4E0D7;--l2:#CBC5B9;--ok:#067647;--okb:#5FA784;--okt:#E7F4EC;--w:#B54708;--wt:#FCF1E0;--m:#B42318;--mt:#FCEDEA;--u:#475467;--ut:#EDEEF0;--a:#0A6773;--at:#E2F1F1}
@media(prefers-color-scheme:dark){:root{color-scheme:dark;--bg:#0B0B0C;--ink:#F3F3F1;--i2:#B1B1AD;--i3:#90908B;--l:#252527;--l2:#3B3B3E;--ok:#47CD89;--okb:#347D58;--okt:#0C2318;--w:#FDB022;--wt:#271B06;--m:#F97066;--mt:#2C1311;--u:#98A2B3;--ut:#15181D;--a:#4FD1DB;--at:#0C2326}}
*{box-sizing:border-box;margin:0}
body{font:400 15px/24px Geist,system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;font-variant-numeric:tabular-nums;color:var(--ink);background:var(--bg);overflow-wrap:anywhere}
main,header,footer{max-width:776px;margin:auto;padding:0 24px}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;padding-top:28px;padding-bottom:28px}
header b{font-size:17px;letter-spacing:-.01em}header span{color:var(--i3);font-size:13px}nav{margin-left:auto;font-size:13px;display:flex;gap:16px;color:var(--i2)}
a{color:inherit;text-decoration:underline;text-decoration-color:var(--l2);text-underline-offset:3px}
ul,ol{list-style:none;padding:0}
.now{border-top:3px solid var(--u);background:var(--ut);padding:20px 24px 22px;margin:0 -24px}
.now.ok{border-color:var(--ok);background:var(--okt)}.now.trouble{border-color:var(--w);background:var(--wt)}.now.outage{border-color:var(--m);background:var(--mt)}.now.maintenance{border-color:var(--a);background:var(--at)}
h1{font-size:28px;line-height:36px;font-weight:600;letter-spacing:-.022em;text-wrap:balance;display:flex;gap:12px;align-items:baseline}
h1 .g{width:20px;height:20px;flex:none;align-self:center}
.now>p{color:var(--i2);margin-top:6px}.now .age{font-size:13px;line-height:20px;margin-top:12px;padding-left:8px;border-left:3px solid var(--ink);color:var(--ink)}
h2{font-size:18px;line-height:28px;font-weight:600;letter-spacing:-.012em;margin:36px 0 8px;display:flex;flex-wrap:wrap;align-items:baseline;gap:0 16px}h2 small{margin-left:auto;font-size:13px;font-weight:400;color:var(--i3);letter-spacing:0}
.g{width:12px;height:12px;flex:none}
.c li{padding:12px 0 14px;border-top:1px solid var(--l)}.c div{display:flex;gap:8px;align-items:baseline;margin-bottom:8px}.c b{font-weight:500}.c small{display:block;font-size:13px;line-height:20px;color:var(--i3);margin:-6px 0 8px}
.s{margin-left:auto;display:flex;gap:7px;align-items:center;font-size:14px;font-weight:500;white-space:nowrap;color:var(--u)}.s.o{color:var(--ok)}.s.w{color:var(--w)}.s.m{color:var(--m)}.s.p{color:var(--a)}
.c i{font-style:normal;font-size:13px;color:var(--i3);width:64px;text-align:right}
.c li>svg{width:100%;height:28px;display:block}
.b{stroke:var(--okb);stroke-width:28;stroke-dasharray:5 3;fill:none}.v{fill:var(--bg)}.t{fill:var(--l)}.z{fill:var(--okb)}.w>path,path.w{fill:var(--w)}path.m{fill:var(--m)}path.p{fill:var(--a)}path.n{fill:none;stroke:var(--u);stroke-dasharray:2 1.5}
.s.w>svg path,.s.m>svg path{fill:none}
.k{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 16px;font-size:13px;color:var(--i3);padding-top:4px}.k span span{margin-right:16px;display:inline-flex;gap:6px;align-items:center}.k svg{width:5px;height:14px}
.u li,.d li{display:grid;grid-template-columns:128px minmax(0,1fr);gap:16px;padding:14px 0;border-top:1px solid var(--l)}.u b{font-weight:600}time{font-size:13px;line-height:20px;color:var(--i3)}.u time{display:block}.u.live li:first-child b{color:var(--w)}.u p+p{margin-top:8px}.u p.q{font-size:13px;line-height:20px;color:var(--i3)}
.x,.late .y{display:none}.late .x{display:inline}
.over{border-left:3px solid var(--w);padding:4px 0 4px 12px;margin:4px 0 12px;font-weight:500}
.d li{padding:10px 0;color:var(--i2);font-size:14px}.d time{color:var(--ink);font-size:14px;line-height:24px}
form{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}input{flex:1;min-width:200px;height:44px;border:1px solid var(--i3);border-radius:4px;background:none;color:inherit;font:inherit;padding:0 12px}input::placeholder{color:var(--i3);opacity:1}button{height:44px;padding:0 16px;border:0;border-radius:4px;background:var(--ink);color:var(--bg);font:inherit;font-weight:500}
footer{margin-top:44px;padding-top:16px;padding-bottom:32px;font-size:13px;line-height:20px;color:var(--i3);display:flex;flex-wrap:wrap;justify-content:space-between;gap:4px 24px}
.late .now{border-color:var(--u);background:var(--ut)}.late .s.o,.late .s.p{color:var(--u)}
:focus-visible{outline:2px solid var(--a);outline-offset:2px}
@media(max-width:600px){.u li,.d li{grid-template-columns:minmax(0,1fr);gap:2px}.c i{display:none}h1{font-size:24px;line-height:30px}nav{margin-left:0;width:100%}}
@media(forced-colors:active){.b{stroke:CanvasText}}`

/**
 * PAGE_SCRIPT lets a page that nobody renews say so: after 5 and 15 minutes by the reader’s clock nothing is green any
 * more. It reloads once a minute while it is looked at and nobody types. Without it the age stands there in words.
 */
export const PAGE_SCRIPT = `(function(){var e=document.getElementById('age');if(!e)return;var t=Date.parse(e.getAttribute('data-at')),w=e.getAttribute('data-words'),b=document.body,s=+new Date;function f(){var m=(new Date-t)/6e4;if(!(m<=5)){b.className='late';e.textContent=m>15?'We have lost contact with our monitoring. This page may be out of date: nothing is confirmed since '+w+'.':'Not confirmed since '+w+'.'}if(new Date-s>6e4&&!document.hidden&&!(document.activeElement&&document.activeElement.tagName==='INPUT'))location.reload()}f();setInterval(f,1e4)})()`
