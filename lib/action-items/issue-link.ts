/** IssueLink is an issue in another system: what it is called there and where it is. */
export type IssueLink = {
  readonly system: 'github' | 'jira' | 'other'
  readonly label: string
  readonly url: string
}

const GITHUB = /^\/([\w.-]+)\/([\w.-]+)\/(?:issues|pull)\/(\d{1,9})\/?$/
const JIRA = /\/browse\/([A-Z][A-Z0-9_]{1,19}-\d{1,9})\/?$/

/** issueLinkOf reads an address of an issue and calls it as its system does; undefined unless it is a plain https address. */
export function issueLinkOf(text: string): IssueLink | undefined {
  const url = parsed(text.trim())
  if (url === undefined) return undefined
  const github = GITHUB.exec(url.pathname)
  if (github && /(^|\.)github\./.test(`.${url.hostname}.`))
    return { system: 'github', label: `${github[1]}/${github[2]}#${github[3]}`, url: url.href }
  const jira = JIRA.exec(url.pathname)
  if (jira?.[1] !== undefined) return { system: 'jira', label: jira[1], url: url.href }
  return { system: 'other', label: url.hostname, url: url.href }
}

function parsed(text: string): URL | undefined {
  if (text.length > 500 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '' || url.hostname === '')
    return undefined
  return url
}
