import type { ReactNode } from 'react'
import { Panel } from '@/components/state/panel'

/** TRIAGE_TITLE heads the triage wherever it is shown. */
export const TRIAGE_TITLE = 'Triage'

/** TriageWaiting keeps the place that a triage will take, so that nothing below it moves away under the eye. */
export function TriageWaiting(): ReactNode {
  return <Panel title={TRIAGE_TITLE} className="min-h-160" face={{ kind: 'loading', rows: 5 }} />
}
