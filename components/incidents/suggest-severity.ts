import type { Board } from '@/lib/health/wire'
import type { Severity } from '@/lib/incidents/model'

export type Suggestion = { readonly severity: Severity; readonly reason: string }

/** suggestSeverity reads the board as the alert rules do and says why; without a reading it says that it can't know. */
export function suggestSeverity(board: Board | undefined): Suggestion {
  if (board === undefined) return { severity: 'P3', reason: 'nothing has been read yet' }
  const { api } = board
  const down = [api.serverErrors, api.authErrors].find((figure) => figure.rating === 'breach')
  if (down !== undefined)
    return {
      severity: 'P1',
      reason: `${down === api.authErrors ? '401 and 403' : '5xx'} at ${down.value} per minute, limit ${down.limit ?? 0}`,
    }
  const slow = [api.p99, api.rateLimited, api.errorRatio, api.p95].find(
    (figure) => figure.rating === 'breach',
  )
  if (slow !== undefined)
    return { severity: 'P2', reason: `a provider figure is past its limit (${slow.value} ${slow.unit})` }
  const broken = board.planes.find((plane) => plane.rating === 'breach')
  if (broken !== undefined) return { severity: 'P2', reason: broken.reason || broken.figure }
  const worn = board.planes.find((plane) => plane.rating === 'warning')
  if (worn !== undefined) return { severity: 'P3', reason: worn.reason || worn.figure }
  const unread = board.planes.filter((plane) => plane.rating === 'unknown' || plane.rating === 'stale').length
  if (unread > 0)
    return {
      severity: 'P3',
      reason: `${unread} of ${board.planes.length} planes are unread, so this is no all-clear`,
    }
  return { severity: 'P4', reason: 'every plane reads clear' }
}
