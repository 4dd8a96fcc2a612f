import { dayOf, minuteOf } from './instants'
import { durationWords, type Figure, type PostmortemRecord, type SectionKey } from './model'
import { isFirm } from './record'

/** figureWords writes a figure's value with its unit; `not known` where there is none. */
export function figureWords({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (value === null) return 'not known'
  switch (unit) {
    case 'count':
      return value.toLocaleString('en-US', { maximumFractionDigits: 0 })
    case 'ms':
      return lengthWords(value)
    case 'hours':
      return `${value.toLocaleString('en-US', { maximumFractionDigits: 1 })} h`
    case 'usd':
      return `$${value.toLocaleString('en-US', { maximumFractionDigits: value < 100 ? 2 : 0 })}`
  }
}

function lengthWords(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}m ${String(seconds % 60).padStart(2, '0')}s` : durationWords(ms)
}

/** proposedSections are the texts that a draft begins with: what the record says in sentences, for people to put right. */
export function proposedSections(
  record: PostmortemRecord,
  impactText: string,
): readonly { readonly key: SectionKey; readonly body: string }[] {
  return [
    { key: 'summary', body: summary(record, impactText) },
    { key: 'impact', body: impact(record) },
    { key: 'causes', body: causes(record) },
    { key: 'resolution', body: resolution(record) },
  ]
}

function summary({ meta, triage }: PostmortemRecord, impactText: string): string {
  const { startedAtMs, endedAtMs, durationMs } = meta
  const when =
    endedAtMs === null || durationMs === null
      ? `Since ${dayOf(startedAtMs)}, ${minuteOf(startedAtMs)}`
      : `On ${dayOf(startedAtMs)} from ${minuteOf(startedAtMs)} for ${durationWords(durationMs)}`
  const what = sentence(impactText === '' ? meta.title : impactText)
  const root = triage.causes.find((cause) => cause.explainedBy === null && isFirm(cause.state))
  const why =
    root === undefined
      ? 'Triage came to no cause that it holds certain or likely.'
      : `Triage holds this to be ${root.state}: ${sentence(root.title)}`
  return `${when}: ${what} ${why}`
}

function sentence(text: string): string {
  const plain = text.trim()
  return /[.!?]$/.test(plain) ? plain : `${plain}.`
}

function impact({ impact: figures }: PostmortemRecord): string {
  return figures
    .filter((figure) => figure.value !== null)
    .map((figure) => `- ${figureWords(figure)} ${figure.label}`)
    .join('\n')
}

function causes({ triage }: PostmortemRecord): string {
  const found = triage.causes.filter((cause) => isFirm(cause.state))
  if (found.length === 0) return ''
  return found
    .map(({ title, state, explainedBy }) => {
      const above = explainedBy === null ? '' : `, explained by ${titleIn(triage.causes, explainedBy)}`
      return `- ${title} (${state}${above})`
    })
    .join('\n')
}

function titleIn(causesOf: PostmortemRecord['triage']['causes'], leaf: string): string {
  return causesOf.find((cause) => cause.leaf === leaf)?.title ?? leaf
}

function resolution({ actions, milestones }: PostmortemRecord): string {
  const done = actions.filter((action) => action.sentAtMs !== null)
  const ended = milestones.find((one) => one.key === 'resolved')
  return [
    ...done.map(
      (action) => `- ${minuteOf(action.sentAtMs ?? 0)} ${action.title}, by ${action.by}: ${action.state}`,
    ),
    ...(ended === undefined || ended.atMs === null ? [] : [`- ${minuteOf(ended.atMs)} ${ended.why}`]),
  ].join('\n')
}
