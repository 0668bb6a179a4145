// SPDX-License-Identifier: BSL-1.0
// Layer 7. Style sheet of the administrators' pages, on top of pico_css.hpp.
#pragma once

#include <string_view>

namespace authmod::detail {

// clang-format off
inline constexpr std::string_view admin_css = R"css(/* On top of Pico's classless sheet. Density first: people work here. */
:root,:root:not([data-theme=dark]){--pico-font-size:93.75%;--pico-line-height:1.45;--pico-border-radius:.4rem;--pico-form-element-spacing-vertical:.42rem;--pico-form-element-spacing-horizontal:.7rem;
--pico-typography-spacing-vertical:.75rem;--pico-transition:.12s ease-out;
--side:#f6f7f9;--line:#dfe3ea;--edge:#c3cad6;--ground:#fff;--soft:#f2f5f9;--quiet:#5b6472;--good:#17662f;--good-soft:#e5f5ea;--bad:#b3261e;--bad-soft:#fdecea;--warn:#7a4d00;--warn-soft:#fff4dc;--blue:#015887;--blue-soft:#e3f1fb;
--pico-form-element-border-color:#8791a5;--shade:0 1px 2px rgb(15 23 42/.05),0 8px 24px rgb(15 23 42/.12)}
@media (prefers-color-scheme:dark){:root:not([data-theme]){--side:#12161f;--line:#2a3140;--edge:#414c60;--ground:#161b25;--soft:#1e2532;--quiet:#9aa5b6;--good:#7fd69a;--good-soft:#173324;--bad:#ff9d94;--bad-soft:#3d1d1f;--warn:#f5c566;--warn-soft:#362a12;--blue:#7cc8f5;--blue-soft:#12303f;
--pico-background-color:#161b25;--pico-primary-hover-background:#015887;--pico-primary-hover-border:#015887;--pico-form-element-background-color:#1b212d;--pico-card-background-color:#1b212d;--pico-form-element-border-color:#6d7b92;--shade:0 8px 28px rgb(0 0 0/.5)}}
body{background:var(--ground);min-height:100vh;min-height:100dvh}
#app{display:grid;grid-template-columns:14rem minmax(0,1fr);min-height:100vh;min-height:100dvh}
h1,h2,h3{--pico-color:inherit;margin:0}
h1{font-size:1.45rem;line-height:1.25;overflow-wrap:anywhere}
h1:focus,#main:focus{outline:none}
h2{font-size:1.05rem}
p{margin-bottom:.5rem}p:last-child{margin-bottom:0}
.icon{flex:none;vertical-align:-.2em}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:.5rem;top:-4rem;z-index:20;padding:.5rem .9rem;background:var(--ground);border:2px solid var(--pico-primary);border-radius:.4rem}
.skip:focus{top:.5rem}
.none,.hint,.help,.lead{color:var(--quiet)}
.hint,.help{font-size:.875rem}
.hint{margin-top:.6rem}
code,.mono,pre{font-size:.9em}
code{overflow-wrap:anywhere;padding:.05rem .3rem}
:focus-visible{outline:2px solid var(--pico-primary);outline-offset:2px}

/* What Pico makes wide, spaced or coloured for pages of text */
#app :is(button,input,select,textarea,[role=button]){margin:0}
#app :is(button,[role=button],[type=submit]){width:auto}
#app label{width:auto}
p,dt,dd,label,small,legend{color:inherit}
.mono,pre,code{font-family:var(--pico-font-family-monospace)}
:is(input,select,textarea):focus-visible{outline:none}
aside :is(ol,ul){display:block}aside li{display:list-item}

/* Buttons */
button,a[role=button]{display:inline-flex;align-items:center;justify-content:center;gap:.5rem;padding:.42rem .85rem;font-weight:500;line-height:1.35;white-space:nowrap}
button.secondary,[role=button].secondary{--pico-background-color:transparent;background:transparent;border-color:var(--edge);color:inherit}
button.secondary:hover,[role=button].secondary:hover{background:var(--soft)}
button.danger{background:#b3261e;border-color:#b3261e;color:#fff}
button.danger:hover{background:#8f1d17;border-color:#8f1d17}
button.secondary.danger{background:transparent;border-color:currentColor;color:var(--bad)}
button.secondary.danger:hover{background:var(--bad-soft)}
button.plain,button.link{background:none;border-color:transparent;color:inherit;box-shadow:none}
button.plain{padding:.4rem;min-width:2.25rem;min-height:2.25rem;color:var(--quiet)}
button.plain:hover{background:var(--soft);color:inherit}
button.link{padding:0;color:var(--pico-primary);text-decoration:underline;font-weight:400;white-space:normal;text-align:start}
[aria-disabled=true]{opacity:.5;cursor:default}
[aria-busy=true][aria-disabled=true]{opacity:1}

/* Way around */
.side{position:sticky;top:0;height:100vh;height:100dvh;display:flex;flex-direction:column;padding:.9rem .65rem;background:var(--side);border-right:1px solid var(--line)}
.brand{display:flex;align-items:center;gap:.6rem;padding:.3rem .5rem 1rem;font-weight:650;font-size:1.05rem;color:inherit;text-decoration:none}
.logo{display:grid;place-items:center;width:1.9rem;height:1.9rem;border-radius:.5rem;background:#0172ad;color:#fff}
#ways{display:flex;flex-direction:column;flex:1}
#ways nav{display:block;flex:1}#ways ul,.tabs ul{display:block;margin:0;padding:0}#ways li,.tabs li{list-style:none;display:block;margin:0;padding:0}
#ways nav a{display:flex;align-items:center;gap:.65rem;margin:0 0 .15rem;padding:.5rem .6rem;border-radius:.4rem;color:inherit;text-decoration:none}
#ways nav a:hover{background:var(--soft)}
#ways nav a[aria-current]{background:var(--blue-soft);color:var(--blue);font-weight:600}
#ways a .icon{color:var(--quiet)}#ways a[aria-current] .icon{color:inherit}
.me{display:flex;align-items:center;justify-content:space-between;gap:.25rem;margin:0;padding:.6rem .25rem 0 .6rem;border-top:1px solid var(--line);font-size:.875rem;color:var(--quiet)}
.me>span{display:flex;flex:1;gap:.5rem;align-items:center;min-width:0;overflow-wrap:anywhere}
.me>a{display:inline-grid;place-items:center;min-width:2.25rem;min-height:2.25rem;color:inherit}
.menu-button{display:none}
#main{width:100%;max-width:78rem;padding:1.5rem clamp(1rem,3vw,2.25rem) 4rem;margin:0}

/* Head of a page */
.page-head{margin-bottom:1.1rem}
.back{display:inline-flex;align-items:center;gap:.2rem;margin-bottom:.5rem;font-size:.875rem;text-decoration:none}
.line{display:flex;align-items:center;gap:.85rem;flex-wrap:wrap}
.titles{flex:1 1 12rem;min-width:0}
.lead{display:flex;flex-wrap:wrap;align-items:center;gap:.15rem .75rem;margin:.15rem 0 0}
.lead>span+span::before{content:"·";margin-right:.75rem}
.lead>span+span:is(.tags,.badge)::before{display:none}
.actions{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.line>h2{flex:1}
.mark{display:inline-grid;place-items:center;flex:none;border-radius:.35rem}
.mark svg{width:100%;height:100%}img.mark{object-fit:contain}
.tags{display:inline-flex;flex-wrap:wrap;gap:.35rem}
.badge{display:inline-flex;align-items:center;gap:.25rem;padding:.08rem .5rem;border-radius:1rem;font-size:.8rem;font-weight:600;line-height:1.5;white-space:nowrap;background:var(--soft);color:var(--quiet)}
.badge.good{background:var(--good-soft);color:var(--good)}.badge.bad{background:var(--bad-soft);color:var(--bad)}.badge.warn{background:var(--warn-soft);color:var(--warn)}.badge.blue{background:var(--blue-soft);color:var(--blue)}

/* Notices, empty and loading pages, messages */
.notice{display:flex;gap:.65rem;margin:0 0 1rem;padding:.65rem .85rem;border-radius:.45rem;background:var(--blue-soft);font-size:.9375rem}
.notice>div{min-width:0;flex:1}.notice>.icon{margin-top:.1rem;color:var(--blue)}
.notice p{margin-bottom:0}.notice p+button{margin-top:.6rem}
.notice.warn{background:var(--warn-soft)}.notice.warn>.icon{color:var(--warn)}
.notice.bad{background:var(--bad-soft)}.notice.bad>.icon{color:var(--bad)}
.notice.good{background:var(--good-soft)}.notice.good>.icon{color:var(--good)}
.notice code{background:none;color:inherit;padding:0}
.notice a{color:inherit;text-decoration:underline}
.empty{display:flex;flex-direction:column;align-items:center;gap:.4rem;padding:3.5rem 1rem;text-align:center;border:1px dashed var(--line);border-radius:.6rem}
.empty>.icon{color:var(--quiet)}.empty p{max-width:34rem;color:var(--quiet)}.empty button,.empty [role=button]{margin-top:.6rem}
.loading{display:grid;gap:.75rem}
.bone{height:2.6rem;border-radius:.45rem;background:linear-gradient(90deg,var(--soft),var(--line),var(--soft));background-size:200% 100%;animation:bone 1.4s infinite linear}
@keyframes bone{to{background-position:-200% 0}}
@media (prefers-reduced-motion:reduce){.bone{animation:none}}
.messages{position:fixed;z-index:30;left:0;right:0;bottom:4.25rem;display:grid;justify-items:center;pointer-events:none}
.messages p{display:flex;gap:.55rem;align-items:center;margin:0 1rem;padding:.6rem 1rem;border-radius:.5rem;background:#1d2635;color:#fff;box-shadow:var(--shade)}
.messages .icon{color:#7fd69a}

/* Lists */
.rows{margin:0;padding:0;border:1px solid var(--line);border-radius:.6rem;background:var(--pico-card-background-color)}
.rows>li{position:relative;display:flex;align-items:center;gap:.85rem;margin:0;padding:.6rem .9rem;list-style:none;min-height:3.4rem}
.rows>li+li{border-top:1px solid var(--line)}
.rows>li>.icon{color:var(--quiet)}
.what{flex:1 1 10rem;min-width:0;overflow-wrap:anywhere}
.what>a,.what>strong{font-weight:600}.what>a.whole{color:inherit;text-decoration:none}
.what small{display:block;color:var(--quiet);font-size:.85rem}
.whole::after{content:"";position:absolute;inset:0}
.rows>li:has(.whole):hover{background:var(--soft)}
.rows>li:first-child{border-radius:.6rem .6rem 0 0}.rows>li:last-child{border-radius:0 0 .6rem .6rem}.rows>li:only-child{border-radius:.6rem}
.rows>li:has(.whole:focus-visible){outline:2px solid var(--pico-primary);outline-offset:-2px}.whole:focus-visible{outline:none}
.rows button,.rows .mail a{position:relative;z-index:1}
.number{color:var(--quiet);font-size:.875rem;white-space:nowrap;min-width:8.5rem;text-align:right}
.mail{flex:1 1 14rem;min-width:0;overflow-wrap:anywhere;font-size:.9375rem}
.handle{cursor:grab;touch-action:none;margin-left:-.5rem}
.modules .moves{display:flex}
.dragged{background:var(--blue-soft);box-shadow:var(--shade);z-index:2}
.face{display:inline-grid;place-items:center;flex:none;border-radius:50%;object-fit:cover;background:var(--blue-soft);color:var(--blue);font-weight:600}
.more{display:grid;place-items:center;margin-top:1rem}
.chips{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 .75rem;padding:0}
.chips li{display:inline-flex;align-items:center;list-style:none;margin:0;padding:.1rem .3rem .1rem .75rem;min-height:2.1rem;border:1px solid var(--line);border-radius:1.2rem}
.chips li:not(:has(button)){padding-right:.75rem}
.chips button{min-width:1.75rem;min-height:1.75rem;padding:0;border-radius:50%}

/* Search and filters */
.searchbox{position:relative;flex:1 1 16rem}
.searchbox>.icon{position:absolute;left:.7rem;top:50%;translate:0 -50%;color:var(--quiet);pointer-events:none}
.searchbox input{padding-left:2.3rem;background-image:none;border-radius:.4rem}
.filters{display:flex;flex-wrap:wrap;gap:.6rem;margin-bottom:1rem}
.filters>select{flex:0 1 12rem;width:auto}
.filters.audit{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));align-items:end;padding:.9rem;border:1px solid var(--line);border-radius:.6rem}
.filters label{margin:0;font-size:.875rem}
.end{display:flex;gap:.5rem;align-items:center}
.finder{position:relative;max-width:32rem;margin-bottom:1rem}
.found{margin-top:.4rem}

/* Choosing a provider */
.chooser .searchbox{max-width:24rem;margin-bottom:1rem}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:.6rem;margin:0}
#app .card{width:100%}.card{position:relative;display:flex;align-items:center;gap:.75rem;margin:0;padding:.8rem .9rem;border:1px solid var(--line);border-radius:.6rem;cursor:pointer;background:var(--pico-card-background-color)}
.card:hover{border-color:var(--pico-primary)}
.card:has(:checked){border-color:var(--pico-primary);box-shadow:0 0 0 1px var(--pico-primary);background:var(--blue-soft)}
.card:has(:focus-visible){outline:2px solid var(--pico-primary);outline-offset:2px}
.card input{position:absolute;opacity:0;inset:0;width:100%;height:100%;margin:0;cursor:pointer}
.card span:last-child{font-weight:550}
.create{position:sticky;bottom:0;z-index:2;display:flex;flex-wrap:wrap;gap:.6rem 1.5rem;align-items:end;justify-content:space-between;margin-top:1.25rem;padding:.9rem 0;background:var(--ground);border-top:1px solid var(--line)}
.create .field{flex:1 1 24rem;margin:0}

/* Tabs and panels */
.tabs{display:block;margin:0 0 1.25rem;border-bottom:1px solid var(--line);overflow-x:auto;scrollbar-width:thin}
.tabs ul{display:flex;gap:.25rem}
#app nav ul{margin:0}
a code{color:inherit;background:none;padding:0}
.tabs a{position:relative;display:flex;align-items:center;gap:.4rem;margin:0;padding:.55rem .75rem;border-radius:.4rem .4rem 0 0;white-space:nowrap;color:var(--quiet);text-decoration:none;border-bottom:2px solid transparent}
.tabs a:hover{color:inherit;background:var(--soft)}
.tabs a:focus-visible{outline-offset:-2px}
.tabs a[aria-current]{color:inherit;font-weight:600;border-color:var(--pico-primary)}
.dot{width:.5rem;height:.5rem;border-radius:50%;background:#c77700}
.panel section,.panel>section{margin-bottom:1.75rem}
.panel section>h2,aside>h2{margin-bottom:.75rem}
.panel section>.line{margin-bottom:.75rem}.panel section>.line h2{margin:0}
.panel details{margin:.75rem 0 0}.panel details .rows{margin-bottom:.75rem}
.with-aside{display:grid;grid-template-columns:minmax(0,1fr) minmax(15rem,21rem);gap:2.25rem;align-items:start}
aside{position:sticky;top:1.25rem;padding:1rem 1.1rem;border-radius:.6rem;background:var(--soft);font-size:.9375rem}
aside ol{margin:0;padding-left:1.3rem}aside li{margin-bottom:.65rem}aside li p{margin:.1rem 0 0;color:var(--quiet)}
aside .field{display:block}aside .field>label{padding:0 0 .2rem}

/* Fields */
.field{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:.2rem 1.25rem;margin:0 0 .85rem;padding:0;border:0}
.field>label,.field>legend{margin:0;padding-top:.45rem;font-weight:500;overflow-wrap:anywhere}
.field>legend{float:left;display:contents}
.field>label small{color:var(--quiet);font-weight:400}
.control{min-width:0;max-width:44rem;grid-column:2}
.field.check{grid-template-columns:11.5rem minmax(0,1fr)}
.check label,.choices label,.picker .control>label{display:flex;align-items:flex-start;gap:.55rem;margin:0;padding:.3rem 0}
#app :is(.check,.choices,.picker) input{flex:none;margin:.1rem 0 0}
.help{display:block;margin:.25rem 0 0;color:var(--quiet)}
.help em{color:var(--warn)}
.check .help{margin-left:1.85rem}
input.mono{height:auto;font-size:.95em;line-height:1.6}
.field input.short{max-width:9rem}
.joined{display:flex;gap:.4rem;align-items:center}.joined>input{flex:1;min-width:0}.joined.narrow{max-width:18rem}
.joined.picture img{border-radius:.35rem;object-fit:contain}
.copy{min-width:6.2rem}
.choices{display:grid;grid-template-columns:repeat(auto-fill,minmax(12rem,1fr));gap:0 1rem;max-height:14rem;overflow:auto;padding:.3rem .7rem;border:1px solid var(--line);border-radius:.4rem}
.fault{margin-top:.3rem;color:var(--bad);font-size:.9rem}.fault p{margin:0}.fault code{background:none;color:inherit;padding:0}
.caret{margin:.3rem 0 0;padding:.4rem .6rem;overflow-x:auto;line-height:1.25;background:var(--bad-soft);color:inherit;border-radius:.35rem}
.gives{display:flex;gap:.3rem;align-items:flex-start;margin-top:.25rem;font-size:.9rem;color:var(--good);overflow-wrap:anywhere}
.gives .icon{margin-top:.15rem}.gives.none{color:var(--quiet)}.gives.bad{color:var(--bad)}
.segments{display:flex;gap:0;margin:0 0 .75rem}
.segments label{flex:1;display:flex;align-items:center;gap:.4rem;margin:0;padding:.35rem .1rem;font-size:.9rem}
.segments input{margin:0}
aside details{margin:.75rem 0 0;padding:0;border:0}aside details:first-child{margin:0}
aside summary{font-weight:600}aside details[open]>summary{margin-bottom:.6rem}#app aside summary{color:inherit}
.grammar{display:grid;grid-template-columns:auto 1fr;gap:.3rem .8rem;margin:0;font-size:.875rem}.grammar dt,.grammar dd{margin:0}
fieldset{min-width:0}select{min-width:0;max-width:100%}
.pairs{max-width:52rem}.pairs:focus{outline:none}
.pair{display:grid;grid-template-columns:minmax(0,1fr) auto minmax(0,1fr) auto;gap:.3rem .55rem;align-items:center;margin-bottom:.5rem}
.pair>.icon{color:var(--quiet)}.pair .under{grid-column:3/-1}
.pair.heads{font-size:.85rem;color:var(--quiet);margin-bottom:.2rem;padding-right:2.8rem;grid-template-columns:minmax(0,1fr) 18px minmax(0,1fr)}
.facts{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:.5rem 1.25rem;margin:0}.facts dt{color:var(--quiet);font-weight:400;margin:0}.facts dd{margin:0;overflow-wrap:anywhere}
.savebar.unsaved{position:sticky;bottom:0;z-index:3}
.savebar{display:flex;align-items:center;justify-content:flex-end;gap:.6rem;padding:.75rem 0;background:var(--ground);border-top:1px solid var(--line)}
.savebar span{flex:1;color:var(--quiet);font-size:.9rem}.savebar.unsaved span{color:var(--warn);font-weight:600}

/* Menus and dialogs */
.menu{position:relative}
.menu [role=menu]{position:absolute;z-index:5;right:0;top:calc(100% + .3rem);min-width:12rem;padding:.35rem;border:1px solid var(--line);border-radius:.5rem;background:var(--pico-card-background-color);box-shadow:var(--shade)}
.menu [role=menuitem]{display:flex;justify-content:flex-start;width:100%;gap:.6rem;padding:.5rem .6rem;border:0;background:none;color:inherit;font-weight:400}
.menu [role=menuitem]:hover,.menu [role=menuitem]:focus{background:var(--soft);box-shadow:none}
.menu [role=menuitem].danger{color:var(--bad)}
dialog{padding:1rem}
dialog>article{width:100%;max-width:34rem;max-height:calc(100dvh - 2rem);margin:auto;padding:1.4rem 1.5rem;border-radius:.7rem;overflow:auto}
dialog form{margin:0}dialog h2{margin-bottom:.7rem;font-size:1.2rem;overflow-wrap:anywhere}
dialog .field{display:block}dialog .field>label{padding:0 0 .2rem}
dialog footer{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:.6rem;margin:1.25rem 0 0;padding:0;background:none;border:0}
dialog .fault,dialog .notice{margin-top:.5rem}

/* Audit events */
.events{margin:0;padding:0;border-left:2px solid var(--line)}
.events>li{list-style:none;margin:0;padding:.15rem 0 1rem 1.1rem;position:relative}
.events>li::before{content:"";position:absolute;left:-.4rem;top:.5rem;width:.65rem;height:.65rem;border-radius:50%;background:var(--ground);border:2px solid var(--quiet)}
.event{display:flex;flex-wrap:wrap;gap:.2rem .5rem;align-items:center;font-weight:600}.by{display:flex;flex-wrap:wrap;gap:0 .9rem;color:var(--quiet);font-size:.875rem}
.changes{margin:.3rem 0 0;padding:0;font-size:.9rem}.changes li{list-style:none;margin:0;overflow-wrap:anywhere}
.changes strong{font-weight:500;margin-right:.35rem}
.changes del{color:var(--bad)}.changes ins{color:var(--good);text-decoration:none}.changes .arrow{color:var(--quiet)}

/* Requests of a SCIM client */
.panel details h3{margin:1rem 0 .5rem;font-size:.95rem}.panel details .line{margin-top:1rem}.panel details .line h3{flex:1;margin:0}
.panel details .hint{margin:.2rem 0 .5rem}
.requests{margin:0 0 .75rem;font-size:.9rem}.requests :is(th,td){padding:.35rem .6rem .35rem 0;vertical-align:top;background:none}
.requests td{white-space:nowrap}.requests td.asked{width:100%;white-space:normal}.requests .took{color:var(--quiet)}

@media (max-width:64rem){.with-aside{grid-template-columns:minmax(0,1fr);gap:1rem}.with-aside>aside{position:static;order:-1}}
@media (max-width:48rem){
#app{grid-template-columns:minmax(0,1fr);align-content:start}
.side{position:static;height:auto;flex-direction:row;flex-wrap:wrap;align-items:center;justify-content:space-between;padding:.45rem .75rem;border-right:0;border-bottom:1px solid var(--line)}
.brand{padding:.3rem}.menu-button{display:inline-flex;min-width:2.75rem;min-height:2.75rem}
#ways{display:none;flex-basis:100%;padding-top:.4rem}#ways.shown{display:flex}#ways nav a{padding-block:.65rem}
#main{padding:1rem 1rem 4rem}
.field,.field.check,.facts{grid-template-columns:minmax(0,1fr)}.control{grid-column:1}.field>label,.field>legend{padding-top:0}
.facts{gap:.1rem}.facts dd{margin-bottom:.5rem}
.rows>li{flex-wrap:wrap;gap:.3rem .75rem}.number{min-width:0}.mail{flex-basis:100%}.people .mail{padding-left:2.9rem;margin-top:-.2rem}.people .number{display:none}
.modules .handle,#move-help{display:none}.lead>span+span::before{display:none}
.modules>li{display:grid;grid-template-columns:auto minmax(0,1fr) auto}.modules .tags,.modules .number{grid-column:2/3;justify-self:start;text-align:left}.modules .moves{grid-column:3;grid-row:1/4;flex-direction:column}
.modules .moves button{min-height:2.5rem;min-width:2.5rem}
.requests,.requests tbody{display:block}.requests thead{position:absolute;clip-path:inset(50%)}
.requests tr{display:flex;flex-wrap:wrap;gap:.15rem .75rem;padding:.5rem 0;border-top:1px solid var(--line)}.requests td{padding:0;border:0}.requests td.asked{order:-1}
.pair{grid-template-columns:minmax(0,1fr) auto;padding-bottom:.6rem;border-bottom:1px solid var(--line)}.pair>.icon{display:none}.pair>:nth-child(3){grid-column:1}.pair>button{grid-column:2;grid-row:1/3}.pair .under{grid-column:1/-1}.pair.heads{display:none}
.actions{width:100%}.line>h2+button{margin-left:auto}
.page-head .actions>*{flex:1 1 auto}.page-head .menu>button{width:100%}
.filters>select{flex:1 1 9rem}.filters.audit{grid-template-columns:repeat(2,minmax(0,1fr))}.filters.audit .end{grid-column:1/-1}
.savebar span{font-size:.85rem}
button,[role=button],input:not([type=checkbox],[type=radio]),select{min-height:2.6rem}
button.plain{min-height:2.75rem;min-width:2.75rem}.chips button.plain{min-height:2rem;min-width:2rem}button.link{min-height:0}
.create .end{width:100%}.create .end>*{flex:1}
}
)css";
// clang-format on

} // namespace authmod::detail
