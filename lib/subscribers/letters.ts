/** Letter is what one person reads, as plain text and as HTML that says the same. */
export type Letter = { readonly subject: string; readonly text: string; readonly html: string }

/** escapeHtml makes a text safe inside HTML, attributes included. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** confirmLetter asks whoever reads it whether they want mail; nothing happens if they don't answer. */
export function confirmLetter(about: {
  readonly page: string
  readonly confirmUrl: string
  readonly endUrl: string
}): Letter {
  const lines = [
    `Somebody, probably you, asked for mail about updates of ${about.page}.`,
    `Open this page within seven days and press the button there:\n${about.confirmUrl}`,
    'If it was not you, do nothing: no further mail comes.',
  ]
  return letterOf(`Confirm: updates of ${about.page}`, lines, [
    ['Confirm', about.confirmUrl],
    ['I never want mail from here', about.endUrl],
  ])
}

/** updateLetter carries one published update, with the way out at its end. */
export function updateLetter(about: {
  readonly subject: string
  readonly text: string
  readonly pageUrl: string
  readonly endUrl: string
}): Letter {
  const { subject, text, pageUrl, endUrl } = about
  return letterOf(subject, text.trim().split(/\n{2,}/), [
    ['Status page', pageUrl],
    ['Unsubscribe', endUrl],
  ])
}

function letterOf(
  subject: string,
  paragraphs: readonly string[],
  links: readonly (readonly [string, string])[],
): Letter {
  const text = [...paragraphs, '-- ', ...links.map(([name, url]) => `${name}: ${url}`)].join('\n\n')
  const body = paragraphs.map((part) => `<p>${escapeHtml(part).replaceAll('\n', '<br>')}</p>`).join('')
  const foot = links.map(([name, url]) => `<a href="${escapeHtml(url)}">${escapeHtml(name)}</a>`).join(' · ')
  const html = `<!doctype html><html lang="en"><body style="font:16px/1.5 sans-serif">${body}<hr><p>${foot}</p></body></html>`
  return { subject: subject.replace(/\s+/g, ' ').trim().slice(0, 200), text: `${text}\n`, html }
}

/** listHeaders are what lets a mail program offer "unsubscribe" as one press (RFC 8058), and keeps out-of-office answers away. */
export function listHeaders(about: {
  readonly endUrl: string
  readonly host: string
}): Readonly<Record<string, string>> {
  return {
    'List-Unsubscribe': `<${about.endUrl}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Id': `<status.${about.host}>`,
    'Auto-Submitted': 'auto-generated',
    Precedence: 'bulk',
  }
}
