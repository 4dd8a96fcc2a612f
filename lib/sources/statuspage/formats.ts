import {
  drifted,
  type FieldContext,
  idOf,
  instantOf,
  isShape,
  known,
  type Shape,
  shapesIn,
  textOf,
  unknown,
} from '../parse'
import type { Reading } from '../reading'
import type { PageIncident, PageIndicator, PageLook } from './types'

const TEXT_MAX = 500
const LIST_MAX = 100
const CLOSED: ReadonlySet<string> = new Set(['resolved', 'postmortem', 'completed'])

/** parseStatuspage reads Atlassian's summary and its many imitations; undefined when it is something else. */
export function parseStatuspage(json: Shape, frame: FieldContext): PageLook | undefined {
  if (!isShape(json.status) || !('indicator' in json.status)) return undefined
  const pageUpdatedAt = isShape(json.page) ? instantOf(json.page.updated_at) : undefined
  const word = json.status.indicator
  const incidents = incidentsOf(json.incidents, 'impact')
  return {
    indicator:
      typeof word === 'string'
        ? indicatorOf(word, STATUSPAGE_WORDS, frame)
        : drifted(frame, 'status.indicator', word),
    description: clip(textOf(json.status, 'description')),
    incidents: incidents.filter(({ status }) => !CLOSED.has(status)),
    maintenances: incidentsOf(json.scheduled_maintenances, 'impact').filter(
      ({ status }) => !CLOSED.has(status),
    ),
    components: shapesIn(json.components)
      .filter((component) => component.group !== true)
      .slice(0, LIST_MAX)
      .map((component) => ({ name: clip(textOf(component, 'name')), status: textOf(component, 'status') })),
    machineReadable: true,
    ...(pageUpdatedAt ? { pageUpdatedAt } : {}),
  }
}

/** parseBetterStack reads the JSON:API form of Better Stack; undefined when it is something else. */
export function parseBetterStack(json: Shape, frame: FieldContext): PageLook | undefined {
  const attributes = isShape(json.data) && isShape(json.data.attributes) ? json.data.attributes : undefined
  if (!attributes || !('aggregate_state' in attributes)) return undefined
  const included = shapesIn(json.included)
  const named = (type: string): readonly Shape[] => included.filter((one) => one.type === type)
  const reports = named('status_report').flatMap((report) => {
    const fields = isShape(report.attributes) ? report.attributes : {}
    const updatedAt = instantOf(fields.updated_at) ?? instantOf(fields.starts_at)
    const state = textOf(fields, 'aggregate_state') || textOf(fields, 'status')
    const endsAt = instantOf(fields.ends_at)
    if (state === 'resolved' || (endsAt && endsAt <= frame.at)) return []
    return [
      {
        id: idOf(report, 'id') ?? '',
        name: clip(textOf(fields, 'title')),
        status: state,
        impact: state,
        kind: textOf(fields, 'report_type'),
        ...(updatedAt ? { updatedAt } : {}),
      },
    ]
  })
  const pageUpdatedAt = instantOf(attributes.updated_at)
  const word = attributes.aggregate_state
  return {
    indicator:
      typeof word === 'string'
        ? indicatorOf(word, BETTERSTACK_WORDS, frame)
        : drifted(frame, 'aggregate_state', word),
    description: clip(textOf(attributes, 'aggregate_state')),
    incidents: reports.filter(({ kind }) => kind !== 'maintenance').map(withoutKind),
    maintenances: reports.filter(({ kind }) => kind === 'maintenance').map(withoutKind),
    components: named('status_page_resource')
      .slice(0, LIST_MAX)
      .map(({ attributes: fields }) =>
        isShape(fields)
          ? { name: clip(textOf(fields, 'public_name')), status: textOf(fields, 'status') }
          : { name: '', status: '' },
      ),
    machineReadable: true,
    ...(pageUpdatedAt ? { pageUpdatedAt } : {}),
  }
}

function withoutKind({ kind: _kind, ...incident }: PageIncident & { readonly kind: string }): PageIncident {
  return incident
}

/** parseInstatus reads Instatus's summary; undefined when it is something else. */
export function parseInstatus(json: Shape, frame: FieldContext): PageLook | undefined {
  if (!isShape(json.page) || !('status' in json.page)) return undefined
  const word = json.page.status
  const incidents = incidentsOf(json.activeIncidents, 'impact')
  const said =
    typeof word === 'string' ? indicatorOf(word, INSTATUS_WORDS, frame) : drifted(frame, 'page.status', word)
  return {
    indicator: said.kind === 'known' && said.value === 'minor' ? worstImpact(said, incidents) : said,
    description: clip(typeof word === 'string' ? word : ''),
    incidents,
    maintenances: incidentsOf(json.activeMaintenances, 'status'),
    components: [],
    machineReadable: true,
  }
}

const STATUSPAGE_WORDS: Readonly<Record<string, PageIndicator>> = {
  none: 'none',
  minor: 'minor',
  major: 'major',
  critical: 'critical',
  maintenance: 'maintenance',
}
const BETTERSTACK_WORDS: Readonly<Record<string, PageIndicator>> = {
  operational: 'none',
  degraded: 'minor',
  downtime: 'critical',
  maintenance: 'maintenance',
}
const INSTATUS_WORDS: Readonly<Record<string, PageIndicator>> = {
  up: 'none',
  hasissues: 'minor',
  undermaintenance: 'maintenance',
}
const INSTATUS_IMPACTS: Readonly<Record<string, PageIndicator>> = {
  MAJOROUTAGE: 'critical',
  PARTIALOUTAGE: 'major',
}

/** "Has issues" says nothing of how bad it is; the worst open incident does. */
function worstImpact(
  said: Extract<Reading<PageIndicator>, { kind: 'known' }>,
  incidents: readonly PageIncident[],
): Reading<PageIndicator> {
  const impacts = incidents.map(({ impact }) => INSTATUS_IMPACTS[impact])
  if (impacts.includes('critical')) return { ...said, value: 'critical' }
  return impacts.includes('major') ? { ...said, value: 'major' } : said
}

/** A word that we do not know is never "operational": it goes to the screen as it came. */
function indicatorOf(
  word: string,
  words: Readonly<Record<string, PageIndicator>>,
  frame: FieldContext,
): Reading<PageIndicator> {
  const key = word.trim().toLowerCase()
  const found = Object.hasOwn(words, key) ? words[key] : undefined
  if (found) return known(frame, found, '')
  frame.drift.push(`${frame.source}.indicator`)
  return unknown(frame, 'schema_mismatch', `the page says “${clip(word)}”`)
}

function incidentsOf(value: unknown, impactKey: string): readonly PageIncident[] {
  return shapesIn(value)
    .slice(0, LIST_MAX)
    .map((incident) => {
      const updatedAt =
        instantOf(incident.updated_at) ?? instantOf(incident.started) ?? instantOf(incident.start)
      return {
        id: idOf(incident, 'id') ?? clip(textOf(incident, 'url') || textOf(incident, 'name')),
        name: clip(textOf(incident, 'name')),
        status: textOf(incident, 'status').toLowerCase(),
        impact: textOf(incident, impactKey),
        ...(updatedAt ? { updatedAt } : {}),
      }
    })
}

function clip(text: string): string {
  return text.length <= TEXT_MAX ? text : `${text.slice(0, TEXT_MAX - 1)}…`
}
