import type { Approvals } from './approvals'
import { nameOf } from './model'
import type { Raw, Situation } from './situation'
import { closingsAt } from './windows'

/** startConditions are what has to be so only at the start: approvals, announcement, the hour, the lock. Rules D-RDY-5 and on. */
export function startConditions(
  situation: Situation,
  approvals: Approvals,
  latest: number | undefined,
): readonly Raw[] {
  const { plan, service, nowMs, announcedAtMs, holdUntilMs, runningNumber, where } = situation
  const isStaging = plan.environment === 'staging'
  const startMs = Date.parse(plan.window.startAt)
  const slots = approvals.slots.map(({ slot, by, isWaived }): Raw => {
    const why = approvals.uncounted[0]?.why
    return {
      id: `approval.${slot}`,
      title: by ? `Approved as ${slot} by ${by.handle}.` : `The approval of a ${slot} is missing.`,
      stage: 'start',
      isMet: (by !== undefined || isWaived) && approvals.rejection === undefined,
      detail: approvals.rejection ? `Rejected by ${approvals.rejection.handle}.` : by ? '' : (why ?? ''),
      waits: 'person',
    }
  })
  const lead = service.announceMinutes * 60_000
  const isTold = announcedAtMs !== undefined && nowMs >= announcedAtMs + lead
  const announced: Raw = {
    id: 'announced',
    title: isStaging
      ? 'Staging is not announced.'
      : isTold
        ? `Announced ${service.announceMinutes} minutes before.`
        : announcedAtMs === undefined
          ? 'It is not announced yet.'
          : 'It was announced less than the lead ago.',
    stage: 'start',
    isMet: isStaging || isTold,
    detail:
      isStaging || isTold
        ? ''
        : `${service.announceMinutes} minutes have to pass between announcement and start.`,
    waits: 'itself',
    metAtMs: announcedAtMs === undefined ? undefined : announcedAtMs + lead,
  }
  const closings = closingsAt(nowMs, where)
  const isHeld = holdUntilMs !== undefined && nowMs < holdUntilMs
  return [
    ...slots,
    announced,
    {
      id: 'planned-start',
      title: nowMs >= startMs ? 'The planned start has come.' : 'The planned start has not come yet.',
      stage: 'start',
      isMet: nowMs >= startMs,
      detail: '',
      waits: 'itself',
      metAtMs: startMs,
    },
    ...closings.map(
      ({ rule, reason }): Raw => ({
        id: rule,
        title: `Closed now: ${reason}.`,
        stage: 'start',
        isMet: false,
        detail: '',
        waits: 'itself',
      }),
    ),
    ...(latest !== undefined && nowMs > latest
      ? [
          {
            id: 'late-start',
            title: 'It is too late to start in this window.',
            stage: 'start' as const,
            isMet: false,
            detail: 'Plan and way back would end after the window.',
            waits: 'plan' as const,
          },
        ]
      : []),
    {
      id: 'lock',
      title:
        runningNumber === undefined
          ? 'Nothing else of this service is under way.'
          : `${nameOf(runningNumber)} is under way.`,
      stage: 'start',
      isMet: runningNumber === undefined,
      detail: '',
      waits: 'itself',
    },
    {
      id: 'held',
      title: isHeld ? 'Somebody asked to hold it.' : 'Nobody holds it.',
      stage: 'start',
      isMet: !isHeld,
      detail: '',
      waits: 'itself',
      metAtMs: isHeld ? holdUntilMs : undefined,
    },
  ]
}
