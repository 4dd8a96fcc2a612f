import { type Found, found, foundAt, hitsOf, type Subject } from './lint-subject'
import { readingGrade, wordsIn } from './sentences'

const SENTENCES_MAX = 5
const WORDS_MAX = 90
const SENTENCE_WORDS_MAX = 25
const GRADE_MAX = 9

/** What insiders say, and what readers understand; null where only the writer knows. */
const JARGON: readonly (readonly [pattern: RegExp, plain: string | null])[] = [
  [/\belevated (?:p9\d|latency|latencies)\b/gi, 'slow responses'],
  [/\belevated error rates?\b/gi, 'more errors than usual'],
  [/\bp(?:50|9[059])\b/gi, 'response time'],
  [/\blatenc(?:y|ies)\b/gi, 'response time'],
  [/\bOOM(?:[- ]?kill(?:ed|s)?)?\b|\bout-of-memory\b/g, 'ran out of memory'],
  [/\begress\b/gi, 'outgoing traffic'],
  [/\bingress\b/gi, 'incoming traffic'],
  [/\b(?:k8s|kubernetes)(?: pods?)?\b|\bpods\b/gi, 'servers'],
  [/\bfail-?over\b/gi, 'switch to a spare'],
  [/\bNCCL\b/g, 'communication between GPUs'],
  [/\bXid\s?\d*\b/gi, 'a GPU stopped responding'],
  [/\bpreempted\b/gi, 'stopped by the host'],
  [
    /\b[45]\d\d(?: (?:errors?|responses?|status))?s?\b(?=[^.\n]{0,30}\b(?:error|request|respon|API))|\b[45]xx\b/gi,
    'errors',
  ],
  [
    /\b(?:back-?pressure|thundering herd|split[- ]brain|hot[- ]?spot|rate[- ]limit(?:ed|ing)?|DNS|BGP|TLS|ECC|NVLink|CUDA|DCGM|Temporal|gRPC|cron ?job|daemon|shard(?:s|ed|ing)?|replica(?:s|tion)?|cluster|namespace|upstream|downstream|RCA|SLA|SLO|IC)\b/g,
    null,
  ],
]
const HEDGE =
  /\b(?:may|might|could|possibly|perhaps|some|intermittent(?:ly)?|appears?|seems?|potential(?:ly)?|likely|occasional(?:ly)?|experiencing)\b/gi
const BLAME =
  /\b(?:human error|operator error|by mistake|mistakenly|forgot to|accidentally|messed up|(?:an? )?(?:engineer|employee|developer|colleague|intern|contractor|operator|admin(?:istrator)?)(?:'s|’s)? (?:mistake|error|accident\w*|forgot|failed|broke|misconfigured)|some(?:one|body) (?:on|in|from|at) (?:our|the)|(?:engineer|employee|developer|colleague|intern|contractor|operator)\b[^.\n]{0,15}\b(?:did not|didn['’]t|forgot|ignored|broke|deleted)|our (?:vendor|provider|supplier) (?:failed|forgot|broke)|fault of|(?:is|are|was|were) at fault|to blame|blam(?:e|ed|ing)|negligen\w+|careless\w*|screwed up|(?:team|person|vendor|provider)(?:'s|’s) (?:fault|mistake))\b/gi
const REPAIR =
  /\b(?:will be (?:fixed|resolved|restored|back|solved|repaired)|(?:expect|anticipat|estimat)\w*\b[^.\n]{0,50}?\b(?:fix|resol|restor|recover|repair|(?:available|back|normal|operational|working|over)\b)\w*|will (?:resume|return to normal|be (?:available|operational|working|up))\b[^.\n]{0,30}\b(?:again|by|within|in \d|tonight|tomorrow|today|soon|shortly|before)|will (?:resume|return to normal)|(?:full|normal) service (?:again )?(?:by|at|from) \d|(?:returns?|is back|resumes?) (?:at|by) \d|hope to (?:have|be|fix|resolve|restore|finish)|takes? [^.\n]{0,30}\b(?:minutes?|hours?|days?) to (?:fix|repair|resolve|restore|recover)|ETA|should be (?:fixed|resolved|back|restored|solved|over)|back (?:up )?(?:by|within)|within (?:the )?(?:next )?(?:\d+|an?|few|a few|half an)? ?(?:minutes?|min|hours?|h)\b|(?:fix|resolution|recovery|repair)\b[^.\n]{0,20}\b(?:by|before|in) (?:\d|noon|midnight|tonight|tomorrow|the end of))/gi
/** What takes some minutes to happen is no promise. */
const HAPPENS =
  /\b(?:stop|fail|end|crash|die|expire|disconnect|time|timed|retr|start|wait)\w*\b[^.\n]{0,24}$/i
const SMALL =
  /\b(?:just|only|brief(?:ly)?|(?:minor|small|tiny|slight) (?:glitch|issue|problem|hiccup|disruption|blip)|small (?:number|subset|fraction|percentage|group) of|slight(?:ly)?|a (?:few|handful of) (?:users|customers|people)|hiccups?|glitch|blip)\b/gi
const APOLOGY = /\b(?:sorry|apolog(?:y|ies|i[sz]e[ds]?)|regret)\b/gi
const LOUD =
  /!|\b(?:world-class|best-in-class|amazing|exciting|thrilled|seamless(?:ly)?|robust|cutting-edge|valued (?:customers?|users?)|your (?:patience|trust|understanding)|we take [^.\n]{0,40} seriously|commit(?:ted|ment) to)\b|\p{Extended_Pictographic}/giu
const CAPITALS =
  /\b(?!UTC\b|HTTP\b|HTTPS\b|GPUS?\b|JSON\b|DRILL\b|INVESTIGATING\b|IDENTIFIED\b|MONITORING\b|RESOLVED\b)[A-Z]{4,}\b/g
const GUESS =
  /\b(?:probably|we (?:think|believe|suspect|guess|assume)|might be because|presumably|it looks like|most likely|could be caused)\b/gi
const ADVICE = /\b(?:you|your|please|retry|try again|work-?around|start (?:it|them) again|instead)\b/i
const COMMON_PROVIDERS = [
  'AWS',
  'Amazon',
  'Google Cloud',
  'GCP',
  'Azure',
  'Cloudflare',
  'Our provider',
  'Our GPU provider',
  'The provider',
  'Our cloud provider',
  'A third party',
  'Our hosting provider',
]

/** lintLanguage judges how it reads: L01 to L13. */
export function lintLanguage(subject: Subject): readonly Found[] {
  return [
    ...lengths(subject),
    ...jargon(subject),
    ...hedges(subject),
    ...each(subject, BLAME, 'L06', (text) => `“${text}” looks for somebody to blame. Say what happened.`),
    ...repairTimes(subject),
    ...each(
      subject,
      SMALL,
      'L08',
      (text) => `“${text}” makes it small; readers feel it differently.`,
      dropped,
    ),
    ...apologies(subject),
    ...each(subject, LOUD, 'L10', (text) => `“${text}” is loud; plain words do.`),
    ...each(subject, CAPITALS, 'L10', (text) => `${text} shouts.`),
    ...each(subject, GUESS, 'L11', (text) => `“${text}” is a guess. Say what is known.`),
    ...advice(subject),
    ...excuse(subject),
  ]
}

function dropped(text: string): string | null {
  return /^(?:just|only|briefly|slightly)$/i.test(text) ? '' : null
}

function each(
  subject: Subject,
  pattern: RegExp,
  rule: Found['rule'],
  why: (text: string) => string,
  fix: (text: string) => string | null = () => null,
): readonly Found[] {
  return hitsOf(subject, pattern).map((hit) => foundAt(rule, hit, why(hit.text), fix(hit.text)))
}

function lengths({ body, sentences }: Subject): readonly Found[] {
  const words = wordsIn(body.text).length
  const grade = readingGrade(body.text)
  return [
    ...(sentences.length > SENTENCES_MAX || words > WORDS_MAX
      ? [
          found(
            'L01',
            `${sentences.length} sentences and ${words} words; ${SENTENCES_MAX} and ${WORDS_MAX} are enough.`,
          ),
        ]
      : []),
    ...sentences
      .map((it) => ({ ...it, count: wordsIn(it.text).length }))
      .filter(({ count }) => count > SENTENCE_WORDS_MAX)
      .map(({ from, to, count }) =>
        found('L02', `${count} words in one sentence. Make it two.`, { from, to }),
      ),
    ...(grade > GRADE_MAX
      ? [found('L03', `It takes ${Math.round(grade)} years of school to read this; aim at ${GRADE_MAX}.`)]
      : []),
  ]
}

function jargon(subject: Subject): readonly Found[] {
  const names = subject.message.components.map(({ name }) => name.toLowerCase())
  const seen = new Set<string>()
  return JARGON.flatMap(([pattern, plain]) =>
    hitsOf(subject, pattern)
      .filter((hit) => !names.some((name) => name.includes(hit.text.toLowerCase())))
      .filter((hit) => {
        const place = `${hit.inTitle} ${hit.from}`
        if (seen.has(place)) return false
        seen.add(place)
        return true
      })
      .map((hit) => {
        const say = plain === null ? 'Say it in words that every reader knows.' : `Say “${plain}”.`
        return foundAt('L04', hit, `“${hit.text}” is a word for insiders. ${say}`, plain)
      }),
  )
}

function hedges({ sentences }: Subject): readonly Found[] {
  return sentences.flatMap(({ text, from, to }) => {
    const found_ = text.match(HEDGE) ?? []
    if (found_.length < 2) return []
    return [found('L05', `One sentence hedges ${found_.length} times: ${found_.join(', ')}.`, { from, to })]
  })
}

/** Within some minutes the next update may come; that is a promise we can keep. */
function repairTimes(subject: Subject): readonly Found[] {
  const { sentences } = subject
  return hitsOf(subject, REPAIR)
    .filter((hit) => {
      const sentence = sentences.find(({ from, to }) => !hit.inTitle && hit.from >= from && hit.to <= to)
      if (!sentence || !/^within/i.test(hit.text)) return true
      const before = subject.body.text.slice(sentence.from, hit.from)
      return !(/\bupdate\b/i.test(sentence.text) || HAPPENS.test(before))
    })
    .map((hit) =>
      foundAt('L07', hit, `“${hit.text}” promises when it is repaired. Promise the next update instead.`),
    )
}

function apologies(subject: Subject): readonly Found[] {
  const { sentences } = subject
  const hits = hitsOf(subject, APOLOGY)
  const first = sentences[0]
  const opens = first !== undefined && first.text.search(APOLOGY) >= 0
  const inconvenience = each(
    subject,
    /\binconvenience\b/gi,
    'L09',
    () => 'It is more than an inconvenience to readers.',
  )
  const second = hits.slice(1, 2)
  return [
    ...(opens
      ? [found('L09', 'Facts first, then one apology at most.', { from: first.from, to: first.to })]
      : []),
    ...second.map((hit) => foundAt('L09', hit, 'One apology is enough.')),
    ...inconvenience,
  ]
}

function advice({ incident, body, message }: Subject): readonly Found[] {
  if (incident.workaround === null || message.status === 'resolved' || ADVICE.test(body.text)) return []
  return [found('L12', `There is a way round: tell readers what they can do (${incident.workaround}).`)]
}

function excuse({ sentences, inventory }: Subject): readonly Found[] {
  const first = sentences[0]
  if (!first) return []
  const opening = first.text.toLowerCase()
  const named = [...inventory.providers, ...COMMON_PROVIDERS].find(
    (name) => opening.startsWith(name.toLowerCase()) && !/^[\p{L}\p{N}_-]/u.test(opening.slice(name.length)),
  )
  if (named === undefined) return []
  return [
    found('L13', `The first sentence is about ${named}. Begin with what users notice.`, {
      from: first.from,
      to: first.to,
    }),
  ]
}
