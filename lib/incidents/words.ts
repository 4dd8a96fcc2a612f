import type { IncidentRole, Status, Visibility } from './model'
import { ROLE_TITLES } from './obligations'

/** STATUS_TITLES are the public phases in words. */
export const STATUS_TITLES: Readonly<Record<Status, string>> = {
  investigating: 'Investigating',
  identified: 'Identified',
  monitoring: 'Monitoring',
  resolved: 'Resolved',
}

/** VISIBILITY_TITLES are who may know, in a word. */
export const VISIBILITY_TITLES = { restricted: 'Restricted', internal: 'Internal', public: 'Public' } as const

const VISIBILITY_RESTS: Readonly<Record<Visibility, string>> = {
  restricted: ': only who is named may know of it',
  internal: ': customers are not told',
  public: ': customers are told',
}

/** AUDIENCE_TITLES are what an update is called by its audience. */
export const AUDIENCE_TITLES = {
  internal: 'Internal update',
  public: 'Public update',
  executive: 'Executive update',
} as const

/** Sentence is an entry in words: its lead, the rest of the line, and a note under it. */
export type Sentence = { readonly lead: string; readonly rest: string; readonly note?: string }

type Body = Readonly<Record<string, unknown>>

function text(body: Body, key: string): string {
  const value = body[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function roleWord(body: Body): string {
  return ROLE_TITLES[text(body, 'role') as IncidentRole] ?? text(body, 'role')
}

function roleSentence(body: Body): Sentence {
  const role = roleWord(body)
  const who = text(body, 'handle')
  const was = text(body, 'was')
  if (who === '') return { lead: `${role}: no one`, rest: was === '' ? '' : `, @${was} left` }
  const from = was === '' ? '' : `, before @${was}`
  switch (text(body, 'how')) {
    case 'answered':
      return { lead: `@${who} took command`, rest: ' by answering' }
    case 'accepted':
      return { lead: `${role}: @${who}`, rest: ` accepted the hand-over${was === '' ? '' : ` from @${was}`}` }
    default:
      return { lead: `${role}: @${who}`, rest: from }
  }
}

function statusSentence(body: Body): Sentence {
  const to = STATUS_TITLES[text(body, 'to') as Status] ?? text(body, 'to')
  const waiver = text(body, 'waiver')
  const note = [text(body, 'reason'), waiver === '' ? '' : `Open obligations waived: ${waiver}`]
    .filter((part) => part !== '')
    .join(' · ')
  if (body.reopened === true) return { lead: 'Reopened', rest: `: ${text(body, 'reason')}` }
  const from = STATUS_TITLES[text(body, 'from') as Status] ?? text(body, 'from')
  return { lead: to, rest: `, was ${from.toLowerCase()}`, ...(note === '' ? {} : { note }) }
}

function listOf(body: Body, key: string): readonly string[] {
  const value = body[key]
  return Array.isArray(value) ? value.map(String) : []
}

function alertsWord(body: Body): string {
  const count = text(body, 'count')
  const rules = listOf(body, 'rules').join(', ')
  return `${count} ${count === '1' ? 'alert' : 'alerts'}${rules === '' ? '' : ` of ${rules}`}`
}

function reasonsOf(body: Body): string {
  return listOf(body, 'reasons').join(' · ')
}

function triageSentence(body: Body): Sentence {
  const causes = Array.isArray(body.causes) ? (body.causes as readonly Body[]) : []
  if (causes.length === 0) return { lead: 'Triage', rest: ': nothing is certain or likely any more' }
  const named = causes.map((cause) => `${text(cause, 'title')} is ${text(cause, 'state')}`).join('; ')
  return { lead: 'Triage', rest: `: ${named}`, note: text(causes[0] ?? {}, 'evidence') }
}

function checklistSentence(body: Body): Sentence {
  const far = `${text(body, 'title')}, ${text(body, 'settled')} of ${text(body, 'total')}`
  const note = text(body, 'note')
  const under = note === '' ? far : `${note} · ${far}`
  switch (text(body, 'what')) {
    case 'opened':
      return { lead: 'Checklist opened', rest: `: ${text(body, 'title')}` }
    case 'done':
      return { lead: 'Checklist done', rest: `: ${far}`, note: skippedWord(body, note) }
    case 'reopened':
      return { lead: 'Checklist no longer done', rest: `: ${text(body, 'item')}`, note: under }
    case 'skipped':
      return { lead: 'Skipped', rest: `: ${text(body, 'item')}`, note: under }
    case 'taken-back':
      return { lead: 'Tick taken back', rest: `: ${text(body, 'item')}`, note: under }
    default:
      return { lead: 'Ticked', rest: `: ${text(body, 'item')}`, note: under }
  }
}

function skippedWord(body: Body, note: string): string {
  const skipped = text(body, 'skipped')
  const count = skipped === '0' || skipped === '' ? '' : `${skipped} skipped`
  return [count, note].filter((part) => part !== '').join(' · ')
}

// What was planned and what was sent stands in full; every other step says what became of it.
const WITH_COMMAND = ['planned', 'ready', 'sending']

function actionSentence(body: Body): Sentence {
  const subject = text(body, 'subject')
  const note = WITH_COMMAND.includes(text(body, 'state')) ? text(body, 'command') : text(body, 'detail')
  return {
    lead: text(body, 'title'),
    rest: `${subject === '' ? '' : ` on ${subject}`}: ${text(body, 'words')}`,
    note: note.split('\n')[0] ?? '',
  }
}

/** sentenceOf says an entry of the record in words: a lead, the rest, and a note under it. */
export function sentenceOf(kind: string, body: Body): Sentence {
  switch (kind) {
    case 'declared':
      return {
        lead: `${text(body, 'severity')} declared`,
        rest: `: ${text(body, 'title')}`,
        note: text(body, 'reason'),
      }
    case 'acknowledged':
      return { lead: 'Answered', rest: '' }
    case 'triage':
      return triageSentence(body)
    case 'triage-override':
      return {
        lead: `Answered ${text(body, 'answer')}`,
        rest: `, in place of the machine: ${text(body, 'ask')}`,
        note: text(body, 'reason'),
      }
    case 'checklist':
      return checklistSentence(body)
    case 'action':
      return actionSentence(body)
    case 'note':
      return { lead: '', rest: text(body, 'text') }
    case 'title':
      return { lead: 'Title', rest: `: ${text(body, 'to')}`, note: `was ${text(body, 'from')}` }
    case 'impact':
      return { lead: 'Impact', rest: `: ${text(body, 'to') || 'nothing said'}` }
    case 'severity':
      return {
        lead: `Severity ${text(body, 'to')}`,
        rest: `, was ${text(body, 'from')}`,
        note: text(body, 'reason'),
      }
    case 'status':
      return statusSentence(body)
    case 'visibility':
      return {
        lead: `Made ${text(body, 'to')}`,
        rest: VISIBILITY_RESTS[text(body, 'to') as Visibility] ?? '',
      }
    case 'role':
      return roleSentence(body)
    case 'offered':
      return {
        lead: `${roleWord(body)} offered to @${text(body, 'handle')}`,
        rest: ' and not accepted yet',
        note: text(body, 'pack'),
      }
    case 'withdrawn':
      return {
        lead: `Hand-over of ${roleWord(body).toLowerCase()} to @${text(body, 'handle')}`,
        rest: ' ended without one',
        note: text(body, 'reason'),
      }
    case 'task':
      return {
        lead: `Task for @${text(body, 'owner')}`,
        rest: `: ${text(body, 'text')}`,
        note: `boxed at ${text(body, 'minutes')} min`,
      }
    case 'task-acknowledged':
      return { lead: 'Task accepted', rest: `: ${text(body, 'text')}` }
    case 'task-finished':
      return {
        lead: text(body, 'outcome') === 'dropped' ? 'Task dropped' : 'Task done',
        rest: `: ${text(body, 'text')}`,
        note: text(body, 'result'),
      }
    case 'decision':
      return {
        lead: `Decision: ${text(body, 'outcome')}.`,
        rest: ` Proposed: ${text(body, 'proposal')}. Objections: ${text(body, 'objections') || 'none'}.`,
        note: text(body, 'executor') === '' ? '' : `carried out by ${text(body, 'executor')}`,
      }
    case 'pin': {
      const value = text(body, 'value')
      return { lead: text(body, 'title'), rest: value === '' ? '' : `: ${value}`, note: text(body, 'source') }
    }
    case 'update':
      return {
        lead: AUDIENCE_TITLES[text(body, 'audience') as keyof typeof AUDIENCE_TITLES] ?? 'Update',
        rest: `: ${text(body, 'text')}`,
        note: text(body, 'where'),
      }
    case 'link':
      return {
        lead: `Linked ${text(body, 'kind')}`,
        rest: ` ${text(body, 'title') || text(body, 'ref')}`,
      }
    case 'alerts-linked':
      return { lead: alertsWord(body), rest: ' linked', note: reasonsOf(body) }
    case 'alerts-proposed':
      return { lead: alertsWord(body), rest: ' may belong here', note: reasonsOf(body) }
    case 'alerts-unlinked':
      return { lead: alertsWord(body), rest: ' taken out' }
    case 'named':
      return { lead: `@${text(body, 'handle')} named`, rest: ': may know of this incident' }
    case 'unnamed':
      return { lead: `@${text(body, 'handle')} no longer named`, rest: '' }
    case 'merged':
      return {
        lead: `Merged into ${text(body, 'into')}`,
        rest: `: ${text(body, 'title')}`,
        note: text(body, 'reason'),
      }
    case 'merged-from':
      return {
        lead: `${text(body, 'from')} merged into this`,
        rest: `: ${text(body, 'title')}`,
        note: text(body, 'reason'),
      }
    case 'reminder':
      return { lead: text(body, 'text'), rest: '' }
    case 'paused':
      return { lead: 'Clocks paused', rest: `: ${text(body, 'title')}` }
    case 'resumed':
      return { lead: 'Clocks go on', rest: '' }
    default:
      return { lead: kind, rest: '' }
  }
}
