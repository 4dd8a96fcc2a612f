import { type Found, found, foundAt, hitsOf, type Subject, tellsOfIncident } from './lint-subject'
import { type ComponentImpact, SEVERITIES, STATUSES, type Status } from './model'
import { similarity } from './sentences'
import { isTouched, STATUS_WORDS } from './words'

/** A status is claimed in capitals, after the word status, or in brackets; in a sentence these are plain verbs. */
const STATUS_LABELS: readonly RegExp[] = [
  /\b(?:INVESTIGATING|IDENTIFIED|MONITORING|RESOLVED)\b/g,
  /(?<=\bstatus\s?(?:is|:|=)?\s?|^\s*\[)(?:investigating|identified|monitoring|resolved)\b/gim,
]
const IDENTIFIED = /\bidentified the (?:root )?(?:cause|problem|issue|source)\b/gi
const SEVERITY_LABEL = /\b(?:P|SEV[-\s]?)([1-4])\b/g
const MARKS = /🔴|🟠|🟡|🔵|🔎|🎯|👀|✅/gu
const SEVERITY_MARKS = ['🔴', '🟠', '🟡', '🔵']
const STATUS_MARKS = ['🔎', '🎯', '👀', '✅']
const OVER =
  /\b(?:resolved|fixed(?!-)|solved|back to normal|fully (?:restored|recovered|operational)|restored|(?:problem|issue|fault|error|incident|outage)s? (?:is|are|has been|have been) (?:gone|over|closed)|(?:is|are|now) back (?:online|up)|(?:we|it|everything|(?:the |our )?(?:service|site|system|platform|api|dashboard)s?) (?:is|are) (?:now |fully )?back|(?:everything|all (?:our )?(?:services?|systems?|features?|functions?))(?: (?:is|are))?(?: now| fully)? (?:works?|working|operational|green|fine|available|normal|go|well|up)|(?:work(?:s|ing)?|operat(?:es|ing)|running) normally)\b/gi
/** What comes before such a word and turns it round. */
const NOT_YET =
  /\b(?:not|never|no|un|until|till|once|when|if|after|before|being|to be|will be|is yet|partly|partially|get(?:ting)?|isn['’]t|aren['’]t|hasn['’]t|haven['’]t)\b[^.!?\n]{0,24}$/i
const IMPACT =
  /\b(?:can(?:no|['’])t|can not|could not|unable|fail(?:s|ed|ing|ures?)?|slow(?:er|ly|ed)?|stop(?:s|ped|ping)?|los(?:e|es|t|ing)|delay(?:s|ed|ing)?|wait(?:s|ed|ing)?|unavailable|not available|not working|does not work|do not work|did not work|times? out|timed out|errors?|down|interrupt(?:s|ed|ion)?|degraded|missing|wrong|late|longer|hang(?:s|ing)?|blocked|refused|reject(?:s|ed)?|drop(?:s|ped)?|outage|disrupt(?:s|ed|ion)?|as usual|not affected|out of date|stale|stuck|pending|blank|empty|declin(?:e|es|ed|ing)|den(?:y|ies|ied)|crash(?:es|ed|ing)?|freez(?:e|es|ing)|frozen|broken|inaccessible|unreachable|duplicates?|twice|disconnect(?:s|ed)?|early|disappear(?:s|ed)?|vanish(?:es|ed)?|logged out|signed out|sign in again|incomplete|incorrect|no longer|offline)\b|(?<!\b(?:we|i) )\b(?:do|does|did|is|are|was|were|will)(?:n['’]t| not)\b/i
/** What readers have and use: a sentence about one of these tells them whether it is about them. */
const THINGS =
  /\b(?:users?|customers?|people|clients?|accounts?|jobs?|runs?|requests?|calls|queries|uploads?|downloads?|exports?|imports?|files?|backups?|checkpoints?|builds?|deployments?|notebooks?|sessions?|log-?ins?|sign-?ins?|registrations?|invitations?|passwords?|keys?|pages?|dashboards?|reports?|charts?|invoices?|payments?|e?mails?|messages?|notifications?|webhooks?|machines?|instances?|GPUs?|models?|training|inference|browsers?|apps?|API|CLI)\b/i
const AGAIN =
  /\b(?:again|return(?:s|ed)?|came back|once more|reopen(?:ed)?|did not (?:hold|last|help)|back to|worse|still|reappeared|recurred)\b/i
const NO_CHANGE = /\bno(?: new)? change|\bunchanged\b|\bnothing (?:has changed|new)\b|\bthe same\b/i
const BETTER =
  /\b(?:improv\w*|recover\w*|better|again|fewer|smaller|less|no longer|works?|working|restor\w*|eas(?:es|ed|ing)|partly|return\w*|fast(?:er)?)\b/i
const CAUSE = /\b(?:root cause|caused by|due to|because of|as a result of)\b/gi
const LOOKING =
  /\b(?:look(?:ing)? for|find(?:ing)?|investigating|determine|identify(?:ing)?|search\w*|not (?:yet )?know\w*)\b[^.\n]{0,24}$/i
const DURATION =
  /\bbetween\b[^.\n]{0,60}\d[^.\n]{0,40}\band\b[^.\n]{0,60}\d|\b(?:\d+|an?|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|half an)\s?(?:h|hours?|min|minutes?|days?|s|seconds?)\b|\bfrom\b[^.\n]{0,60}\d[^.\n]{0,40}\b(?:to|until)\b[^.\n]{0,60}\d/i
const SCOPE =
  /\b(?:all|some|most|every|customers?|users?|requests?|jobs?|runs?|region|Europe|US|Asia|pool|people)\b/i
const DATA =
  /\b(?:no|without|any)\s+(?:\w+\s+){0,2}(?:data|work|files?|results?|records?)\b[^.\n]{0,30}\b(?:lost|loss|missing|affected|damaged)\b|\bno data loss\b|\bdata (?:loss|was lost|were lost)\b|\b(?:lost|lose)\b[^.\n]{0,40}\bdata\b|\bdata\b[^.\n]{0,40}\b(?:lost|loss|safe|intact|missing|complete|checking)\b|\bchecking\b[^.\n]{0,30}\bdata\b|\b(?:none|nothing|every \w+)\b[^.\n]{0,30}\b(?:missing|lost|damaged|complete|safe)\b/i
const POSTMORTEM =
  /\b(?:(?:will|going to|plan to)\b[^.\n]{0,40}\b(?:post-?mortem|root cause analysis|incident (?:report|review)|full (?:report|review|analysis))|(?:post-?mortem|root cause analysis|incident (?:report|review)|full (?:report|review|analysis))\b[^.\n]{0,30}\b(?:follows?|will|soon|to come))\b/gi

/** lintState holds a message against the incident, the update before and the audience: S09 to S18, S20 to S22, S25 to S27. */
export function lintState(subject: Subject): readonly Found[] {
  const planned = [...aims(subject)]
  if (!tellsOfIncident(subject)) return planned
  return [
    ...planned,
    ...labels(subject),
    ...over(subject),
    ...stillBroken(subject),
    ...allGreen(subject),
    ...firstCause(subject),
    ...sinceLast(subject),
    ...impact(subject),
    ...resolvedParts(subject),
    ...(subject.message.audience === 'internal' && !subject.incident.commander
      ? [found('S21', 'Nobody commands this incident. Take or give the role first.')]
      : []),
  ]
}

function labels(subject: Subject): readonly Found[] {
  const { message, incident } = subject
  const other = (text: string): string =>
    `The incident is ${incident.severity}, ${STATUS_WORDS[incident.status].toLowerCase()}; this says ${text}.`
  const fields =
    message.status === incident.status && message.severity === incident.severity
      ? []
      : [found('S09', other(`${message.severity}, ${STATUS_WORDS[message.status].toLowerCase()}`))]
  const words = STATUS_LABELS.flatMap((pattern) => hitsOf(subject, pattern))
    .filter((hit) => hit.text.trim().toLowerCase() !== message.status)
    .map((hit) => foundAt('S09', hit, other(hit.text.trim()), STATUS_WORDS[message.status]))
  const early = message.status !== 'investigating' ? [] : hitsOf(subject, IDENTIFIED)
  const severities = hitsOf(subject, SEVERITY_LABEL)
    .filter((hit) => SEVERITIES[Number(hit.text.slice(-1)) - 1] !== message.severity)
    .map((hit) => foundAt('S09', hit, other(hit.text), message.severity))
  const marks = hitsOf(subject, MARKS)
    .filter(({ text }) =>
      SEVERITY_MARKS.includes(text)
        ? SEVERITY_MARKS[SEVERITIES.indexOf(message.severity)] !== text
        : STATUS_MARKS[STATUSES.indexOf(message.status)] !== text,
    )
    .map((hit) => foundAt('S09', hit, other(hit.text), ''))
  return [
    ...fields,
    ...words,
    ...early.map((hit) => foundAt('S09', hit, other('identified'))),
    ...severities,
    ...marks,
  ]
}

function over(subject: Subject): readonly Found[] {
  const { message } = subject
  const broken = message.components.filter(({ to }) => to !== 'operational').map(({ name }) => name)
  if (message.status === 'resolved') {
    if (broken.length === 0) return []
    return [
      found(
        'S10',
        `It says resolved, and ${broken.join(', ')} ${broken.length === 1 ? 'is' : 'are'} not operational.`,
      ),
    ]
  }
  return hitsOf(subject, OVER)
    .filter(
      (hit) => hit.inTitle || !NOT_YET.test(subject.body.text.slice(Math.max(0, hit.from - 40), hit.from)),
    )
    .filter((hit) => hit.text.toUpperCase() !== hit.text)
    .map((hit) =>
      foundAt(
        'S10',
        hit,
        `“${hit.text}”, while the incident is ${STATUS_WORDS[message.status].toLowerCase()}.`,
      ),
    )
}

function stillBroken({ message, incident }: Subject): readonly Found[] {
  if (message.status !== 'resolved') return []
  const { firingAlerts, hostsOut } = incident
  const counted = [
    ...(firingAlerts !== null && firingAlerts > 0 ? [`${firingAlerts} linked alerts still fire`] : []),
    ...(hostsOut !== null && hostsOut > 0 ? [`${hostsOut} hosts are still out of service`] : []),
  ]
  if (counted.length > 0) return [found('S11', `${counted.join(' and ')}.`)]
  if (firingAlerts !== null && hostsOut !== null) return []
  return [found('S11', 'Nobody knows whether all alerts and hosts are well again.', { level: 'warn' })]
}

function allGreen({ message }: Subject): readonly Found[] {
  const { components, status } = message
  if (status === 'resolved' || components.length === 0) return []
  if (components.some(({ to }) => to !== 'operational')) return []
  return [
    found('S12', 'Every component is operational, so the page would be green while the incident is open.'),
  ]
}

function firstCause(subject: Subject): readonly Found[] {
  const { message, incident } = subject
  if (incident.wasIdentified || message.status !== 'investigating') return []
  return hitsOf(subject, CAUSE)
    .filter((hit) => hit.inTitle || !LOOKING.test(subject.body.text.slice(0, hit.from)))
    .map((hit) => foundAt('S13', hit, 'A cause is named before it is identified.'))
}

function sinceLast(subject: Subject): readonly Found[] {
  const { message, last, body } = subject
  if (!last) return []
  const rank = (status: Status): number => STATUSES.indexOf(status)
  const out: Found[] = []
  if (rank(message.status) < rank(last.status) && !AGAIN.test(body.text))
    out.push(
      found('S14', `The last update said ${STATUS_WORDS[last.status].toLowerCase()}. Say that it is back.`),
    )
  if (message.status === 'resolved' && rank(last.status) < rank('monitoring'))
    out.push(found('S15', 'No update said that you are watching the change.'))
  if (!NO_CHANGE.test(body.text) && similarity(body.text, last.body) > 0.95)
    out.push(found('S16', 'It says what the last update said. Say what is new, or that nothing has changed.'))
  if (
    message.status !== 'resolved' &&
    isSmaller(message.components, last.components) &&
    !BETTER.test(body.text)
  )
    out.push(found('S20', 'A component is better than in the last update, and the text does not say so.'))
  return out
}

const WEIGHTS = {
  operational: 0,
  under_maintenance: 1,
  degraded_performance: 1,
  partial_outage: 2,
  major_outage: 3,
}

function isSmaller(now: readonly ComponentImpact[], before: readonly ComponentImpact[]): boolean {
  return before.some((was) => {
    const is = now.find((it) => it.componentId === was.componentId)
    return is !== undefined && WEIGHTS[is.to] < WEIGHTS[was.to]
  })
}

function impact({ message, sentences, body }: Subject): readonly Found[] {
  if (message.status === 'resolved') return []
  const touched = message.components.filter(isTouched).map(({ name }) => name)
  if (touched.length === 0 && !IMPACT.test(body.text) && !THINGS.test(body.text))
    return [found('S17', 'Say what users notice: what can’t they do, what is slow, what is lost?')]
  const first = sentences[0]
  if (!first || IMPACT.test(first.text) || touched.some((name) => first.text.includes(name))) return []
  return [found('S18', 'Begin with what users notice.', { from: first.from, to: first.to })]
}

function resolvedParts({ message, body, title, incident, ...rest }: Subject): readonly Found[] {
  if (message.status !== 'resolved') return []
  const text = `${title.text}. ${body.text}`
  const hasScope = message.components.some(isTouched) || SCOPE.test(text) || THINGS.test(text)
  const missing = [
    ...(DURATION.test(body.text) ? [] : ['how long it lasted']),
    ...(hasScope ? [] : ['who or what was affected']),
    ...(DATA.test(body.text) ? [] : ['whether data was lost (or that you are still checking)']),
  ]
  const promises = incident.postmortem ? [] : hitsOf({ title, body }, POSTMORTEM)
  return [
    ...(missing.length === 0 ? [] : [found('S22', `Say ${missing.join(', ')}.`)]),
    ...(rest.last && incident.resolvedAt === null
      ? [found('S22', 'Nobody has written down when it ended.', { level: 'warn' })]
      : []),
    ...promises.map((hit) => foundAt('S27', hit, 'Nobody owns a postmortem of this incident yet.')),
  ]
}

const OUTSIDE = ['statuspage', 'page', 'mail'] as const

/** aims judges where a message goes, whatever it is about. */
function aims({ message, incident, policy }: Subject): readonly Found[] {
  const out: Found[] = []
  const goesOut =
    message.audience === 'public' || policy.channels.some((it) => OUTSIDE.some((form) => form === it))
  if (incident.isDrill && goesOut) out.push(found('S25', 'This is a drill: nothing of it goes outside.'))
  if (message.audience !== 'public') return out
  const isClosed = incident.visibility === 'restricted' || incident.isSecurity
  if (isClosed && !policy.securityApproved)
    out.push(found('S26', 'A restricted or security incident goes outside only with the security approver.'))
  else if (incident.visibility === 'internal')
    out.push(found('S26', 'The incident is internal. Make it public first.', { level: 'warn' }))
  return out
}
