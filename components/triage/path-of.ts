import type { CauseData, QuestionData, TriageData } from './types'

/** Path is the way to what is in hand: the answered questions before it, the question itself, and the answers that it is made of. */
export type Path = {
  readonly answered: readonly QuestionData[]
  readonly question: QuestionData | undefined
  readonly ground: readonly QuestionData[]
}

/** chosenCause is the one that a person picked, else the first: what nothing explains stands first. */
export function chosenCause(run: TriageData, picked: string | undefined): CauseData | undefined {
  return run.causes.find((cause) => cause.leaf === picked) ?? run.causes[0]
}

/** pathOf gives the way to a cause, or to a question that a person picked; without a cause, the trunk's questions. */
export function pathOf(run: TriageData, cause: CauseData | undefined, picked: string | undefined): Path {
  const known = (ids: readonly string[]): QuestionData[] =>
    ids.map((id) => run.questions[id]).filter((it) => it !== undefined)
  const way = known(cause?.via ?? run.roots.slice(0, 4))
  const question = (picked === undefined ? undefined : run.questions[picked]) ?? inHand(known, cause, way)
  const at = way.findIndex((it) => it.id === question?.id)
  return {
    answered: at === -1 ? way : way.slice(0, at),
    question,
    ground: question ? known(question.evidence.parts) : [],
  }
}

// What a person should look at first: what keeps the cause from being sure, else the last question on the way.
function inHand(
  known: (ids: readonly string[]) => QuestionData[],
  cause: CauseData | undefined,
  way: readonly QuestionData[],
): QuestionData | undefined {
  const open = cause?.state === 'possible' ? known([...cause.open, ...cause.against])[0] : undefined
  return open ?? way.at(-1)
}

/** groundsOf are the questions for, against and open of a cause, each once, without the one in hand. */
export function groundsOf(
  run: TriageData,
  cause: CauseData,
  inHandId: string | undefined,
): readonly { readonly side: 'for' | 'against' | 'open'; readonly question: QuestionData }[] {
  const seen = new Set([inHandId])
  return (['for', 'against', 'open'] as const).flatMap((side) =>
    cause[side].flatMap((id) => {
      const question = run.questions[id]
      if (!question || seen.has(id)) return []
      seen.add(id)
      return [{ side, question }]
    }),
  )
}
