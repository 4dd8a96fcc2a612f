import type { Present } from '@/lib/incidents/presence'

const WRITES: Readonly<Record<string, string>> = {
  note: 'writes a note',
  update: 'writes an update',
  decision: 'logs a decision',
  task: 'gives a task',
  pin: 'pins evidence',
  link: 'links something',
  title: 'changes the title',
  impact: 'writes the impact',
  severity: 'changes the severity',
  status: 'changes the status',
  visibility: 'changes the visibility',
  merge: 'is about to merge',
  reopen: 'is about to reopen',
  pause: 'is about to pause clocks',
}

/** presentWords says what somebody does at an incident. */
export function presentWords({ handle, editing }: Present): string {
  if (editing === '') return `@${handle} looks at this`
  const role = /^(handover|assign)-/.exec(editing)?.[1]
  if (role === 'handover') return `@${handle} writes a hand-over`
  if (role === 'assign') return `@${handle} assigns a role`
  return `@${handle} ${WRITES[editing] ?? 'writes something'}`
}
