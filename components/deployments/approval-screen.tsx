'use client'

import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useMemo, useState } from 'react'
import { type Action, useActions } from '@/components/shell/actions'
import { Button } from '@/components/ui/button'
import { ProblemLine } from '@/components/ui/dialog-foot'
import { laterInBrowser } from '@/components/ui/later'
import { can } from '@/lib/access/permissions'
import { queryOf } from '@/lib/client/api'
import { ApprovalHead } from './approval-head'
import { ChangeCell, PowerCell, ReachCell, SoakCell, WayBackCell } from './cells'
import { ChecksCell } from './checks-cell'
import { DecisionRail } from './decision-rail'
import { Overrides, Story, VoidNotice } from './story'
import type { Asking, Me, PageData } from './types'
import { useDeploymentCommand } from './use-deployment-command'
import { Verdict } from './verdict'
import { WindowBar } from './window-bar'

const AskingDialog = laterInBrowser(() => import('./asking-dialog').then((it) => it.AskingDialog))
const EVERY_MS = 15_000

/** ApprovalScreen is one page for one decision: the sentence, the verdict, and what it was made of. */
export function ApprovalScreen({ initial, me }: { readonly initial: PageData; readonly me: Me }): ReactNode {
  const { data: page } = useQuery({
    ...queryOf('deployments.one', { number: initial.number }),
    initialData: initial,
    refetchInterval: EVERY_MS,
  })
  const [asking, setAsking] = useState<Asking | undefined>(undefined)
  const { busy, problem, send } = useDeploymentCommand()
  const mayPlan = can(me.roles, 'deployments.plan') && !page.isRunning
  const mayCheck = can(me.roles, 'deployments.check') && !page.isRunning
  useApprovalKeys(page, me, setAsking)
  const { number } = page
  return (
    <div className="flex flex-1 flex-col gap-5 px-4 py-4 md:px-6">
      <div className="grid grid-cols-1 gap-6 md:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="grid grid-cols-1 content-start gap-5">
          <ApprovalHead page={page} />
          <VoidNotice page={page} />
          <Verdict
            page={page}
            busy={busy}
            mayPlan={mayPlan}
            mayCheck={mayCheck}
            onAsk={setAsking}
            onKeepWarm={() =>
              void send('deployments.revise', { number, seenRevision: page.revision, keepWarm: true })
            }
          />
          <ProblemLine problem={problem} />
        </div>
        <DecisionRail
          page={page}
          me={me}
          busy={busy}
          onAsk={setAsking}
          onRevoke={() => void send('deployments.revoke', { number })}
        />
      </div>
      <WindowBar page={page} />
      <div className="grid grid-cols-1 md:grid-cols-2 md:divide-x xl:grid-cols-3">
        <ChangeCell page={page} />
        <ChecksCell
          page={page}
          mayTell={mayCheck && !page.isEnded}
          mayWaive={can(me.roles, 'deployments.waive') && !page.mine.isRequester && !page.isEnded}
          onAsk={setAsking}
        />
        <SoakCell page={page} />
        <ReachCell page={page} />
        <PowerCell page={page} />
        <WayBackCell page={page}>
          {mayCheck ? (
            <p className="flex flex-wrap gap-2 pt-3">
              <Button size="small" onClick={() => setAsking({ kind: 'rehearsed' })}>
                It was rehearsed…
              </Button>
              <Button size="small" busy={busy} onClick={() => void send('deployments.refresh', { number })}>
                Look again
              </Button>
            </p>
          ) : null}
        </WayBackCell>
      </div>
      <Overrides page={page} me={me} />
      <Story page={page} />
      {asking === undefined ? null : (
        <AskingDialog page={page} asking={asking} onClose={() => setAsking(undefined)} />
      )}
    </div>
  )
}

function useApprovalKeys(page: PageData, me: Me, open: (asking: Asking) => void): void {
  const mayDecide =
    can(me.roles, 'deployments.approve') &&
    !page.isRunning &&
    !page.isEnded &&
    page.mine.refusal === undefined &&
    !page.mine.hasApproved
  // biome-ignore lint/correctness/useExhaustiveDependencies: `open` is a setter of state
  const actions = useMemo((): readonly Action[] => {
    if (!mayDecide) return []
    return [
      {
        id: 'deployments.approve',
        title: 'Approve this revision',
        group: 'On this page',
        keys: 'a',
        run: () => open({ kind: 'approve' }),
      },
      {
        id: 'deployments.reject',
        title: 'Reject this revision',
        group: 'On this page',
        keys: 'x',
        run: () => open({ kind: 'reject' }),
      },
    ]
  }, [mayDecide])
  useActions(actions)
}
