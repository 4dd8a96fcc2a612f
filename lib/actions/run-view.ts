import { EXPIRING, isInTarget, type Risk, type RunState, STATE_WORDS } from './model'
import { needsOf } from './offer'
import { MANUAL } from './policy'
import type { EvidenceView, MayView, RunLine, RunView, StepView } from './view'

type Plan = NonNullable<ViewedRun['plan']>

/** ViewedRun is what a view reads of a stored run. */
export type ViewedRun = {
  readonly id: string
  readonly version: number
  readonly incidentId: string
  readonly leaf: string | null
  readonly action: string
  readonly title: string
  readonly risk: Risk
  readonly executor: string
  readonly state: RunState
  readonly plan: {
    readonly subject: string
    readonly command: string
    readonly steps: readonly {
      readonly method: string
      readonly path: string
      readonly contentType: string
      readonly body: string
    }[]
    readonly before: Readonly<Record<string, unknown>>
    readonly expects: Readonly<Record<string, string | number>>
    readonly effect: string
    readonly undo?: unknown
  } | null
  readonly planHash: string
  readonly promise: {
    readonly effect: string
    readonly probe: string
    readonly command: string
    readonly secretParams: readonly { readonly name: string; readonly label: string }[]
  }
  readonly dryRun: string
  readonly authorId: string
  readonly author: string
  readonly preparedAt: Date
  readonly expiresAt: Date
  readonly asked: { readonly handle: string; readonly atMs: number } | null
  readonly approval: {
    readonly id: string
    readonly handle: string
    readonly atMs: number
    readonly planHash: string
  } | null
  readonly breakGlass: (RunView['breakGlass'] & { readonly id: string; readonly planHash: string }) | null
  readonly carriedOutBy: string
  readonly sentAt: Date | null
  readonly outcome: string
  readonly output: string
  readonly undoes: string | null
  readonly undoneBy: string | null
  readonly isDrill: boolean
}

/** Viewer is who looks: their id and what they may do. */
export type Viewer = {
  readonly id: string
  readonly may: (
    ability: 'look' | 'prepare' | 'change' | 'dangerous' | 'approve' | 'break-glass' | 'review',
  ) => boolean
}

/** shownState is a run's state now: a plan past its life is expired even before the worker has written so. */
export function shownState(run: Pick<ViewedRun, 'state' | 'expiresAt'>, now: Date): RunState {
  return EXPIRING.includes(run.state) && run.expiresAt.getTime() <= now.getTime() ? 'expired' : run.state
}

/** mayOf says what somebody may do with a run now, and why not. */
export function mayOf(run: ViewedRun, viewer: Viewer, now: Date): MayView {
  const state = shownState(run, now)
  const isAuthor = viewer.id === run.authorId
  const isOpen = state === 'planned' || state === 'waiting'
  const undoable = isInTarget(state) && run.plan?.undo !== undefined && run.undoneBy === null
  return {
    askSecond: state === 'planned' && viewer.may('prepare'),
    approve: state === 'waiting' && !isAuthor && viewer.may('approve'),
    decline: state === 'waiting' && !isAuthor && viewer.may('prepare'),
    breakGlass: isOpen && viewer.may('break-glass'),
    carryOut: state === 'ready' && viewer.may(run.risk),
    cancel: (EXPIRING.includes(state) || state === 'queued') && viewer.may('prepare'),
    undo: undoable && viewer.may('prepare'),
    review:
      run.breakGlass !== null &&
      run.breakGlass.review === null &&
      run.breakGlass.id !== viewer.id &&
      viewer.may('review'),
    why: whyNot(run, { state, isAuthor, viewer }),
  }
}

function whyNot(
  run: ViewedRun,
  { state, isAuthor, viewer }: { state: RunState; isAuthor: boolean; viewer: Viewer },
): string {
  switch (state) {
    case 'planned':
      return 'It needs a second person: ask for one.'
    case 'waiting':
      return isAuthor ? 'Somebody else has to agree: you prepared it.' : ''
    case 'ready':
      return viewer.may(run.risk) ? '' : `None of your roles may carry out the class ${run.risk}.`
    case 'expired':
      return 'The plan is older than fifteen minutes: prepare it anew.'
    case 'unknown':
      return 'Whether it arrived is not known yet. It is not sent again; a probe decides.'
    default:
      return ''
  }
}

/** runLine puts a run in a list. */
export function runLine(run: ViewedRun, now: Date): RunLine {
  const state = shownState(run, now)
  return {
    id: run.id,
    version: run.version,
    incidentId: run.incidentId,
    leaf: run.leaf,
    action: run.action,
    title: run.title,
    risk: run.risk,
    executor: run.executor,
    state,
    stateWords: STATE_WORDS[state],
    subject: run.plan?.subject ?? '',
    command: run.plan?.command ?? run.promise.command,
    preparedBy: { id: run.authorId, handle: run.author },
    preparedAtMs: run.preparedAt.getTime(),
    expiresAtMs: run.expiresAt.getTime(),
    sentAtMs: run.sentAt?.getTime() ?? null,
    outcome: run.outcome,
    undoneBy: run.undoneBy,
    isDrill: run.isDrill,
    isBreakGlass: run.breakGlass !== null,
    isReviewed: run.breakGlass?.review != null,
  }
}

/** runView puts a run on the screen. */
export function runView(
  run: ViewedRun,
  around: {
    readonly steps: readonly StepView[]
    readonly evidence: readonly EvidenceView[]
    readonly viewer: Viewer
    readonly now: Date
  },
): RunView {
  const { isBreakGlass: _glass, isReviewed: _reviewed, ...line } = runLine(run, around.now)
  const plan: Plan | null = run.plan
  return {
    ...line,
    isManual: run.executor === MANUAL,
    requests: plan?.steps ?? [],
    before: plan?.before ?? {},
    expects: plan?.expects ?? {},
    dryRun: run.dryRun,
    effect: plan?.effect ?? run.promise.effect,
    probe: run.promise.probe,
    secretParams: run.promise.secretParams,
    planHash: run.planHash,
    needs: needsOf(run.risk),
    asked: run.asked === null ? null : { handle: run.asked.handle, atMs: run.asked.atMs },
    approval:
      run.approval === null
        ? null
        : { handle: run.approval.handle, atMs: run.approval.atMs, planHash: run.approval.planHash },
    breakGlass:
      run.breakGlass === null
        ? null
        : {
            handle: run.breakGlass.handle,
            atMs: run.breakGlass.atMs,
            reason: run.breakGlass.reason,
            review: run.breakGlass.review,
          },
    carriedOutBy: run.carriedOutBy,
    output: run.output,
    undoes: run.undoes,
    canUndo: plan?.undo !== undefined,
    steps: around.steps,
    evidence: around.evidence,
    may: mayOf(run, around.viewer, around.now),
  }
}
