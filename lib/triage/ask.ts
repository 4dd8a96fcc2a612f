import { WHY_WORDS } from '../sources/reading'
import { type Forest, restsOn } from './forest'
import type { Answer, Asked, Evidence, KnownLook, Looks, Memory, Override, UnknownLook } from './model'
import type { Question } from './policy'
import { judge, numberWords, predicateWords } from './predicate'
import { findProbe } from './probes'

/** AskInput is one moment: the looks, what people said, and since when answers stand. */
export type AskInput = {
  readonly forest: Forest
  readonly looks: Looks
  readonly overrides: Readonly<Record<string, Override | undefined>>
  readonly memory: Memory
  readonly nowMs: number
}

/** askAll answers every question of the forest and gives the memory for the next time. */
export function askAll(input: AskInput): {
  readonly asked: ReadonlyMap<string, Asked>
  readonly memory: Memory
} {
  const asked = new Map<string, Asked>()
  const memory: Record<string, { answer: 'yes' | 'no'; sinceMs: number } | undefined> = {}
  for (const id of input.forest.order) {
    const question = input.forest.questions.get(id)
    if (!question) continue
    const { machine, evidence } = machineAnswer(question, input, asked, memory)
    const override = input.overrides[id] ?? null
    const answer = override ? override.answer : machine
    const stands = standing(input.memory[id], answer, input.nowMs)
    if (stands) memory[id] = stands
    asked.set(id, {
      id,
      answer,
      machine,
      override,
      evidence,
      sinceMs: stands?.answer === answer ? stands.sinceMs : null,
    })
  }
  return { asked, memory }
}

/** lookWords are the machine's own answers to what it looks at, one letter a question: while they stay, so does the diagnosis, but for time. */
export function lookWords(input: Pick<AskInput, 'forest' | 'looks' | 'nowMs'>): string {
  let words = ''
  for (const question of input.forest.questions.values()) {
    if (question.person !== undefined || question.held || question.probe === undefined) continue
    words += machineLook(question, question.probe, input)[0]
  }
  return words
}

type Answered = { readonly machine: Answer; readonly evidence: Evidence }

// An unknown in between keeps the clock: only a plain opposite starts it anew.
function standing(before: Memory[string], answer: Answer, nowMs: number): Memory[string] {
  if (answer !== 'yes' && answer !== 'no') return before
  return before?.answer === answer ? before : { answer, sinceMs: nowMs }
}

function machineAnswer(
  question: Question,
  input: AskInput,
  asked: ReadonlyMap<string, Asked>,
  memory: Memory,
): Answered {
  if (question.person !== undefined) return askedOfPerson(question.person)
  if (question.held) return held(question.held, asked, memory, input.nowMs)
  if (question.probe === undefined || !question.when) return combined(question, asked)
  return fromLook(question, question.probe, input)
}

const NOTHING: Evidence = {
  value: '',
  predicate: '',
  source: '',
  observedAtMs: null,
  query: '',
  why: '',
  wayRound: '',
  subjects: [],
  hidden: [],
  parts: [],
}

function askedOfPerson(how: string): Answered {
  return {
    machine: 'unknown',
    evidence: { ...NOTHING, source: 'a person', why: 'nobody has answered yet', wayRound: how },
  }
}

type Moment = Pick<AskInput, 'looks' | 'nowMs'>

function isOld(look: KnownLook, freshSeconds: number, nowMs: number): boolean {
  return (nowMs - look.observedAtMs) / 1000 > freshSeconds
}

function freshSecondsOf(question: Question, probeName: string): number {
  return question.freshSeconds ?? findProbe(probeName)?.freshSeconds ?? 60
}

function machineLook(question: Question, probeName: string, { looks, nowMs }: Moment): Answer {
  const look = looks[probeName]
  if (!look) return 'unknown'
  if (look.kind === 'unknown') return look.why === 'stale' ? 'stale' : 'unknown'
  if (isOld(look, freshSecondsOf(question, probeName), nowMs)) return 'stale'
  return question.when ? judge(question.when, look.low, look.high) : 'unknown'
}

function fromLook(question: Question, probeName: string, input: AskInput): Answered {
  const probe = findProbe(probeName)
  const look = input.looks[probeName]
  const machine = machineLook(question, probeName, input)
  const query = probe?.query ?? ''
  const unit = probe?.unit ?? ''
  const predicate = question.when ? predicateWords(question.when, unit) : ''
  if (!look || look.kind === 'unknown') {
    const known = { query, predicate, source: probe?.source ?? '', wayRound: probe?.wayRound ?? '' }
    return { machine, evidence: unread(look, known) }
  }
  const evidence = { ...NOTHING, ...knownEvidence(look), query, predicate }
  if (machine === 'stale') {
    const ageSeconds = Math.round((input.nowMs - look.observedAtMs) / 1000)
    const why = `last seen ${numberWords(ageSeconds)} s ago, good for ${numberWords(freshSecondsOf(question, probeName))} s`
    return { machine, evidence: { ...evidence, why, wayRound: probe?.wayRound ?? '' } }
  }
  const why =
    machine === 'unknown' ? `${look.hidden?.length ?? 0} could not be judged, which would decide it` : ''
  return { machine, evidence: { ...evidence, why } }
}

function knownEvidence(look: KnownLook): Partial<Evidence> {
  return {
    value: look.words,
    source: look.source,
    observedAtMs: look.observedAtMs,
    subjects: look.subjects ?? [],
    hidden: look.hidden ?? [],
  }
}

function unread(
  look: UnknownLook | undefined,
  probe: Pick<Evidence, 'query' | 'predicate' | 'source' | 'wayRound'>,
): Evidence {
  if (!look) return { ...NOTHING, ...probe, why: 'not looked at yet' }
  const words = whyWords(look.why)
  return {
    ...NOTHING,
    ...probe,
    source: look.source,
    value: look.last?.words ?? '',
    observedAtMs: look.last?.observedAtMs ?? null,
    why: look.detail ? `${words}: ${look.detail}` : words,
    wayRound: look.wayRound ?? probe.wayRound,
  }
}

function whyWords(why: UnknownLook['why']): string {
  if (why === 'not_connected') return 'not connected'
  return why === 'not_asked' ? 'not asked yet' : WHY_WORDS[why]
}

function held(
  rule: { readonly of: string; readonly seconds: number },
  asked: ReadonlyMap<string, Asked>,
  memory: Memory,
  nowMs: number,
): Answered {
  const base = asked.get(rule.of)
  const evidence: Evidence = {
    ...NOTHING,
    ...(base ? { source: base.evidence.source, observedAtMs: base.evidence.observedAtMs } : {}),
    subjects: base?.evidence.subjects ?? [],
    predicate: `≥ ${numberWords(rule.seconds)} s`,
    parts: [rule.of],
  }
  if (!base || base.answer === 'unknown' || base.answer === 'stale') {
    return {
      machine: base?.answer ?? 'unknown',
      evidence: { ...evidence, why: 'what it rests on is not known' },
    }
  }
  if (base.answer === 'no') return { machine: 'no', evidence: { ...evidence, value: 'it does not hold' } }
  const seconds = Math.floor((nowMs - (memory[rule.of]?.sinceMs ?? nowMs)) / 1000)
  return {
    machine: seconds >= rule.seconds ? 'yes' : 'no',
    evidence: { ...evidence, value: `held ${numberWords(seconds)} s` },
  }
}

function combined(question: Question, asked: ReadonlyMap<string, Asked>): Answered {
  const ids = restsOn(question)
  const parts = ids.map((id) => asked.get(id)).filter((it) => it !== undefined)
  const answers = ids.map((id) => asked.get(id)?.answer ?? 'unknown')
  const machine =
    question.not !== undefined
      ? opposite(answers[0] ?? 'unknown')
      : join(question.allOf ? 'no' : 'yes', answers)
  const deciding =
    machine === 'unknown' || machine === 'stale'
      ? parts
      : parts.filter((it) => decides(question, machine, it))
  const shown = deciding.length > 0 ? deciding : parts
  return {
    machine,
    evidence: {
      ...NOTHING,
      value: shown
        .map((it) => it.evidence.value)
        .filter((it) => it !== '')
        .join('; ')
        .slice(0, 300),
      source: [...new Set(shown.map((it) => it.evidence.source).filter((it) => it !== ''))].join(', '),
      observedAtMs: oldest(shown),
      predicate: shown.length === 1 ? (shown[0]?.evidence.predicate ?? '') : '',
      why: machine === 'unknown' || machine === 'stale' ? firstWhy(parts) : '',
      wayRound: shown.find((it) => it.evidence.wayRound !== '')?.evidence.wayRound ?? '',
      subjects: [...new Set(shown.flatMap((it) => it.evidence.subjects))],
      hidden: [...new Set(parts.flatMap((it) => it.evidence.hidden))],
      parts: ids,
    },
  }
}

function decides(question: Question, machine: Answer, part: Asked): boolean {
  return question.not !== undefined || part.answer === machine
}

function firstWhy(parts: readonly Asked[]): string {
  return parts.find((it) => it.answer === 'unknown' || it.answer === 'stale')?.evidence.why ?? ''
}

function oldest(parts: readonly Asked[]): number | null {
  const times = parts.map((it) => it.evidence.observedAtMs).filter((it) => it !== null)
  return times.length === 0 ? null : Math.min(...times)
}

function opposite(answer: Answer): Answer {
  if (answer === 'yes') return 'no'
  return answer === 'no' ? 'yes' : answer
}

// One `winner` decides; the opposite needs all of them; else it is not known.
function join(winner: 'yes' | 'no', answers: readonly Answer[]): Answer {
  if (answers.includes(winner)) return winner
  if (answers.includes('unknown')) return 'unknown'
  if (answers.includes('stale')) return 'stale'
  return opposite(winner)
}
