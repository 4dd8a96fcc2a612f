import { LINKS_MAX } from './comms/links'
import type { Console } from './console'
import type { Clock } from './platform/clock'
import { createHttp } from './platform/http'
import type { Http } from './platform/http-types'

/** LinkProblems says of links that did not open why, by the link; what is not in it answered 200. */
export type LinkProblems = Readonly<Record<string, string>>

type Known = { readonly problem: string; readonly untilMs: number }

const DEADLINE_MS = 3_000
const BYTES = 4_096
const KNOWN_MAX = 200
const GOOD_MS = 300_000
/** A link that does not answer is often being mended just now. */
const BAD_MS = 20_000

/** createLinkCheck opens links, a few at a time, and remembers for minutes what they answered; it throws for nothing outside. */
export function createLinkCheck({ http, clock }: { readonly http: Http; readonly clock: Clock }) {
  const known = new Map<string, Known>()

  async function open(url: string): Promise<string> {
    const answer = await http.request({
      url,
      deadlineMs: DEADLINE_MS,
      maxBytes: BYTES,
      cutAtMax: true,
      expect: 'text',
      redirects: 2,
      accept: [200],
    })
    if (answer.ok) return ''
    return answer.status === undefined ? answer.detail : `it answers ${answer.status}`
  }

  async function problemOf(url: string): Promise<string> {
    const before = known.get(url)
    if (before && before.untilMs > clock.monotonicMs()) return before.problem
    const problem = await open(url)
    known.delete(url)
    known.set(url, { problem, untilMs: clock.monotonicMs() + (problem === '' ? GOOD_MS : BAD_MS) })
    const [oldest] = known.keys()
    if (known.size > KNOWN_MAX && oldest !== undefined) known.delete(oldest)
    return problem
  }

  return async (urls: readonly string[]): Promise<LinkProblems> => {
    const asked = [...new Set(urls)].slice(0, LINKS_MAX)
    const answers = await Promise.all(asked.map(async (url) => [url, await problemOf(url)] as const))
    return Object.fromEntries(answers.filter(([, problem]) => problem !== ''))
  }
}

const checks = new WeakMap<Console, ReturnType<typeof createLinkCheck>>()

/** linkProblems opens links to public addresses alone: nothing in our own networks is ever asked for a text's sake. */
export function linkProblems(console: Console, urls: readonly string[]): Promise<LinkProblems> {
  const { clock } = console
  const check = checks.get(console) ?? createLinkCheck({ http: createHttp({ allow: [], clock }), clock })
  checks.set(console, check)
  return check(urls)
}
