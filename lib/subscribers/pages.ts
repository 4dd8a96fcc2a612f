import { escapeHtml } from './letters'

/** PublicPage is one plain page of the public forms: it works without scripts, images or a session. */
export type PublicPage = { readonly status: number; readonly title: string; readonly body: string }

/** Choice is a component that a subscription may be limited to. */
export type Choice = { readonly id: string; readonly name: string }

/** SEEN_BY_NOBODY is the field that only machines fill in. */
export const SEEN_BY_NOBODY = 'website'

/** signUpPage is the form: the address and, if there are any, the components. */
export function signUpPage(choices: readonly Choice[], problem?: string): PublicPage {
  const boxes = choices
    .map(
      ({ id, name }) =>
        `<label class="box"><input type="checkbox" name="component" value="${escapeHtml(id)}"> ${escapeHtml(name)}</label>`,
    )
    .join('')
  const body = `${problem === undefined ? '' : `<p role="alert" class="bad">${escapeHtml(problem)}</p>`}
<form method="post" action="/status/subscribe">
<label for="email">Mail address</label>
<input id="email" name="email" type="email" required autocomplete="email" maxlength="254"${problem === undefined ? '' : ' aria-invalid="true"'}>
<p class="trap" aria-hidden="true"><label>Leave this empty <input name="${SEEN_BY_NOBODY}" tabindex="-1" autocomplete="off"></label></p>
${boxes === '' ? '' : `<fieldset><legend>Only about these components (none chosen: all)</legend>${boxes}</fieldset>`}
<button>Ask for mail</button>
</form>
<p>You get one mail with a link; only after you have confirmed there, updates are sent. Every mail carries a link that ends them.</p>`
  return { status: problem === undefined ? 200 : 400, title: 'Mail about updates', body }
}

/** ASKED is the answer to every sign-up, whether or not the address is known. */
export const ASKED: PublicPage = {
  status: 200,
  title: 'Look into your mail',
  body: '<p>If the address can get mail from here, a link is on its way to it. Nothing else is sent until that link is used; it works for seven days.</p>',
}

/** TOO_MANY is the answer to a network that signs up too many addresses. */
export const TOO_MANY: PublicPage = {
  status: 429,
  title: 'Too many sign-ups',
  body: '<p>Too many addresses were signed up from your network within an hour. Try again later.</p>',
}

/** NO_SUCH_LINK is the answer to a link that was used, is too old, or never was one. */
export const NO_SUCH_LINK: PublicPage = {
  status: 410,
  title: 'This link does not work',
  body: '<p>It was used already, or it is older than seven days. <a href="/status/subscribe">Ask for a new one</a>.</p>',
}

/** CONFIRMED says that the subscription counts from now on. */
export const CONFIRMED: PublicPage = {
  status: 200,
  title: 'You are subscribed',
  body: '<p>Updates come by mail from now on. Every mail carries a link that ends them.</p>',
}

/** ENDED says that the subscription is over. */
export const ENDED: PublicPage = {
  status: 200,
  title: 'You are unsubscribed',
  body: '<p>No further mail is sent to this address. <a href="/status/subscribe">Subscribe again</a>.</p>',
}

/** confirmPage asks for the press that confirms: opening a link alone, as mail scanners do, changes nothing. */
export function confirmPage(query: string): PublicPage {
  return {
    status: 200,
    title: 'Confirm your subscription',
    body: button(`/status/confirm?${query}`, 'Send me updates by mail'),
  }
}

/** endPage asks for the press that ends a subscription: opening a link alone changes nothing. */
export function endPage(query: string): PublicPage {
  return {
    status: 200,
    title: 'Unsubscribe',
    body: button(`/status/unsubscribe?${query}`, 'Send me no more mail'),
  }
}

function button(action: string, label: string): string {
  return `<form method="post" action="${escapeHtml(action)}"><button>${escapeHtml(label)}</button></form>`
}

const STYLE = `:root{color-scheme:light dark;--ink:#1d2530;--paper:#fbfaf7;--line:#8a94a3;--act:#175cd3;--on:#fff;--bad:#b42318}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ee;--paper:#0e1116;--line:#7b8696;--act:#84caff;--on:#0e1116;--bad:#fda29b}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:38rem;margin:0 auto;padding:2rem 1rem}h1{font-size:1.4rem}a{color:var(--act)}
label{display:block}input[type=email]{display:block;width:100%;font:inherit;padding:.6rem;margin:.25rem 0 1rem;border:1px solid var(--line);border-radius:4px;background:transparent;color:inherit}
fieldset{border:1px solid var(--line);border-radius:4px;margin:0 0 1rem;padding:.5rem 1rem}.box{padding:.25rem 0}
button{font:inherit;padding:.6rem 1.1rem;border:0;border-radius:4px;background:var(--act);color:var(--on);cursor:pointer}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}.trap{position:absolute;left:-99rem}.bad{color:var(--bad)}`

/** htmlOf draws a page; the nonce lets its one style through the content security policy. */
export function htmlOf({ title, body }: PublicPage, nonce: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style nonce="${escapeHtml(nonce)}">${STYLE}</style></head><body><main><p><a href="/status">Status</a></p><h1>${escapeHtml(title)}</h1>${body}</main></body></html>`
}
