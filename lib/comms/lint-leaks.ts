import { redactText } from '../platform/redact'
import { COMMON_WORDS } from './common-words'
import { hostOf, isBelow, linksIn } from './links'
import { wordPattern } from './lint-facts'
import { type Found, foundAt, type Hit, hitsOf, type Subject } from './lint-subject'

const SECRETS: readonly RegExp[] = [
  /\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[A-Za-z0-9-]{10,}|https:\/\/hooks\.slack\.com\/(?:services|workflows)\/\S+/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}|\bglpat-[A-Za-z0-9_-]{16,}/g,
  /-----BEGIN [A-Z ]{0,30}PRIVATE KEY[\s\S]{0,4000}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g,
  /\b[0-9a-f]{64}\b/gi,
  /\b(?:hf|npm|whsec|dckr_pat|sk_live|rk_live|wfk)_[A-Za-z0-9+/=_-]{12,}|\bsk-[A-Za-z0-9_-]{20,}|\bAIza[A-Za-z0-9_-]{30,}/g,
  /\b(?:api[_-]?key|access[_-]?key|token|secret|password|passwd|passphrase)\s*[:=]\s*["']?[^\s"']{8,}/gi,
  /\b[Bb]earer\s+(?=\S*\d)[A-Za-z0-9._~+/=-]{12,}/g,
  /\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{1,200}:[^\s@/]{1,500}@\S*/gi,
]
const IPV4 =
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]*\d)(?:\/\d{1,2})?/g
const IPV6 =
  /(?<![\w:])(?:(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,6}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?|::(?:[0-9a-f]{1,4}:){0,5}[0-9a-f]{1,4})(?![\w:])/gi
const MAC = /\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b/gi
const HOST =
  /(?<![\w.-])[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9-]{1,63}){0,6}\.(?:internal|local|lan|corp|intranet|svc(?:\.cluster\.local)?|ec2\.internal)\b|\bssh\d+\.vast\.ai\b|\blocalhost(?::\d+)?\b/gi
const TRACE =
  /^[ \t]{0,40}at \S+ \(.+\)|\bTraceback \(most recent|\bFile "[^"\n]+", line \d+|\b[A-Za-z]+(?:Error|Exception): \S|\bpanic: |\bE(?:CONN[A-Z]+|TIMEDOUT|NOENT|PIPE|ACCES|ADDR[A-Z]+|HOSTUNREACH)\b|\bSIG(?:KILL|TERM|SEGV|ABRT)\b|\bsegfault\b|\b\w+\.(?:py|js|ts|go|rs|cpp|cu|java):\d+\b/gm
const PATH = /(?<=^|[\s("'`])(?:~?\/(?!v\d+\/|api\/)(?:[\w.@-]+\/)+[\w.@-]+\/?|[A-Z]:\\[\w.\\-]+)/gm
const SQL =
  /\b(?:SELECT\s[^.\n]{1,80}\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|DROP\s+TABLE\s)\S+/g
const LOG =
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,]\d{3}|\blevel=(?:error|warn|info|debug)\b|^[ \t]{0,40}\[?(?:ERROR|WARN(?:ING)?|FATAL|DEBUG|INFO)\b[\]:]|\bexit(?:ed with)? code \d+/gm
const MAIL = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}\b/g
const PHONE = /(?<![\w.])\+\d[\d\s().-]{7,16}\d(?!\w)|\(\d{3}\)\s?\d{3}-\d{4}|\b\d{3}-\d{3}-\d{4}\b/g
const URL_PATTERN = /\bhttps?:\/\/[^\s<>)\]"']+/gi
const TOOLS =
  /(?:^|\.)(?:slack\.com|grafana\.net|pagerduty\.com|atlassian\.net|datadoghq\.(?:com|eu)|sentry\.io|linear\.app|notion\.so|opsgenie\.com)$|^(?:grafana|kibana|prometheus|jira|console|argocd|temporal)\.|^localhost$|^(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./i
const TICKET =
  /\b(?:INC|DRILL)-\d+\b|\b(?!UTF-|SHA-|ISO-|RFC-|HTTP-|TLS-|MD5-|GPT-|COVID-|UTC-|GMT-|CVE-|RTX-|GTX-|CUDA-)[A-Z]{2,10}-\d{1,6}\b/g
/** How programs name their secrets: the name alone opens nothing, and tells how we are built. */
const VARIABLE = /\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){0,6}_(?:KEY|TOKEN|SECRET|PASSWORD|URL|HOST)\b/g
const MENTION =
  /<!(?:channel|here|everyone)[^>\n]*>|<@[UW][A-Z0-9]+[^>\n]*>|<!subteam[^>\n]*>|(?<![\w.])@(?:here|channel|everyone)\b/gi

/** lintLeaks finds what must not go out, by its look and by the live inventory: X01 to X09. */
export function lintLeaks(subject: Subject): readonly Found[] {
  const secrets = [
    ...SECRETS.flatMap((pattern) => hitsOf(subject, pattern)),
    ...named(subject, subject.inventory.keys, { min: 6 }),
    ...maskedParts(subject),
  ]
  return [
    ...secrets.map((hit) =>
      foundAt('X01', hit, 'This looks like a secret. Take it out, and change the secret.', ''),
    ),
    ...hitsOf(subject, MENTION).map((hit) =>
      foundAt('X08', hit, `“${hit.text}” would call people. Only the console mentions.`, ''),
    ),
    ...addresses(subject),
    ...places(subject),
    ...[TRACE, PATH, SQL, LOG].flatMap((pattern) =>
      hitsOf(subject, pattern).map((hit) =>
        foundAt('X04', hit, 'Traces, paths, queries and log lines stay inside.'),
      ),
    ),
    ...people(subject),
    ...links(subject),
    ...[
      ...hitsOf(subject, TICKET),
      ...hitsOf(subject, VARIABLE),
      ...named(subject, subject.inventory.codeNames, { min: 3 }),
    ].map((hit) => foundAt('X07', hit, `“${hit.text}” means something to us alone.`)),
  ]
}

/** What the mask of records would hide is a secret here as well, the installation's own secrets among it. */
function maskedParts(subject: Subject): readonly Hit[] {
  return hitsOf(subject, /\S{8,}/g).filter(({ text }) => redactText(text) !== text)
}

function addresses(subject: Subject): readonly Found[] {
  const isVersion = (hit: Hit): boolean =>
    !hit.inTitle && /\b(?:version|release|build|v)\s*$/i.test(subject.body.text.slice(0, hit.from))
  return [
    ...hitsOf(subject, IPV4).filter((hit) => !isVersion(hit)),
    ...hitsOf(subject, IPV6),
    ...hitsOf(subject, MAC),
  ].map((hit) => foundAt('X02', hit, `${hit.text} is an address in our network.`, 'one of our servers'))
}

function places(subject: Subject): readonly Found[] {
  const { hosts, instances } = subject.inventory
  const hits = [
    ...hitsOf(subject, HOST),
    ...named(subject, hosts, { min: 2 }),
    ...named(subject, instances, { min: 3 }),
  ]
  return distinct(hits).map((hit) =>
    foundAt('X03', hit, `${hit.text} is a host or instance of ours.`, 'one of our servers'),
  )
}

function people(subject: Subject): readonly Found[] {
  const { people: names, customers } = subject.inventory
  return distinct([
    ...named(subject, names, { min: 2, isPerson: true }),
    ...named(subject, customers, { min: 2, isPerson: true }),
  ])
    .map((hit) =>
      foundAt(
        'X05',
        hit,
        `${hit.text} is a person or a customer.`,
        names.includes(hit.text) ? 'our team' : null,
      ),
    )
    .concat(
      [...hitsOf(subject, MAIL), ...hitsOf(subject, PHONE)].map((hit) =>
        foundAt('X05', hit, 'Mail addresses and phone numbers stay inside.'),
      ),
    )
}

function links(subject: Subject): readonly Found[] {
  const { allowedLinkHosts, internalLinkHosts, linkProblems = {} } = subject.policy
  return hitsOf(subject, URL_PATTERN).flatMap((hit) => {
    const host = hostOf(hit.text)
    if (TOOLS.test(host) || isBelow(host, internalLinkHosts))
      return [foundAt('X06', hit, `${host} is a tool of ours; readers can't open it.`, '')]
    if (!isBelow(host, allowedLinkHosts)) return [foundAt('X09', hit, `${host} is not on the list of links.`)]
    const problem = linksIn(hit.text).map((link) => linkProblems[link])[0]
    return problem === undefined ? [] : [foundAt('X09', hit, `This link does not open: ${problem}.`)]
  })
}

/** Names of our world in a text; the name of a public component is public. */
function named(
  subject: Subject,
  names: readonly string[],
  { min, isPerson = false }: { readonly min: number; readonly isPerson?: boolean },
): readonly Hit[] {
  const open = new Set(subject.message.components.map(({ name }) => name.toLowerCase()))
  const text = `${subject.title.text}\n${subject.body.text}`.toLowerCase()
  return (
    names
      .map((name) => name.trim())
      .filter((name) => name.length >= min && !open.has(name.toLowerCase()))
      .filter((name) => isPerson || !COMMON_WORDS.has(name.toLowerCase()))
      // A big fleet has thousands of names: most are ruled out without a pattern.
      .filter((name) => text.includes(name.toLowerCase()))
      .flatMap((name) =>
        hitsOf(subject, wordPattern(name)).filter((hit) => !isPerson || isPersonAt(subject, hit, name)),
      )
  )
}

/** A name counts as it is written, with @, or capitalised; one that is a common word only where no sentence begins. */
function isPersonAt(subject: Subject, hit: Hit, name: string): boolean {
  const before = (hit.inTitle ? subject.title : subject.body).text.slice(0, hit.at)
  if (before.endsWith('@')) return true
  const isCapital = /^[@\p{Lu}]/u.test(hit.text)
  if (!COMMON_WORDS.has(name.toLowerCase())) return isCapital || (hit.text === name && name.length > 2)
  return isCapital && /[\p{L}\p{N},]\s$/u.test(before)
}

function distinct(hits: readonly Hit[]): readonly Hit[] {
  return hits.filter(
    (hit, at) =>
      !hits.some(
        (other, i) => i < at && other.from === hit.from && other.to === hit.to && other.text === hit.text,
      ),
  )
}
