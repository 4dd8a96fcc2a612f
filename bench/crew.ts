import { request } from 'undici'
import { freePort } from '../scripts/lib/ports.mjs'
import { until } from './clock'
import { logTail, type Program } from './processes'
import type { Rig } from './rig'

/** Member is one process that may be killed; whoever is killed is started anew at once, as a supervisor would. */
export type Member = { readonly kind: 'web' | 'worker'; readonly base: string; program: Program }

/** Crew is two web processes and two workers on one database. */
export type Crew = {
  readonly members: readonly Member[]
  /** bases are the addresses of the web processes; they stay when a process is killed. */
  readonly bases: readonly string[]
  /** strike kills the next one in turn with SIGKILL, starts its successor and tells what it was. */
  readonly strike: () => string
  readonly assertAlive: () => void
}

const READY_MS = 60_000

/** startCrew adds a second web process and a second worker to a rig; `killed` are the kinds that strike takes in turn. */
export async function startCrew(
  rig: Rig,
  killed: readonly Member['kind'][] = ['web', 'worker'],
): Promise<Crew> {
  const port: number = await freePort()
  const members: Member[] = [
    { kind: 'web', base: rig.base, program: rig.web },
    { kind: 'worker', base: '', program: rig.worker },
    { kind: 'web', base: `http://127.0.0.1:${port}`, program: rig.startWeb(port) },
    { kind: 'worker', base: '', program: rig.startWorker() },
  ]
  const targets = members.filter(({ kind }) => killed.includes(kind))
  let strikes = 0
  const crew: Crew = {
    members,
    bases: members.flatMap(({ base }) => (base === '' ? [] : [base])),
    strike: () => {
      const member = targets[strikes % targets.length]
      if (!member) throw new Error('there is nobody to kill')
      strikes += 1
      process.kill(member.program.pid, 'SIGKILL')
      const was = `${member.kind} ${member.program.pid}`
      member.program = restarted(rig, member)
      return was
    },
    assertAlive: () => {
      for (const { program } of members)
        if (program.ended) throw new Error(`${program.name} ended (${program.how})\n${logTail(program)}`)
    },
  }
  await until(
    'the second web process answers',
    async () => {
      crew.assertAlive()
      return isReady(`http://127.0.0.1:${port}`)
    },
    READY_MS,
  )
  return crew
}

function restarted(rig: Rig, member: Member): Program {
  if (member.kind === 'worker') return rig.startWorker()
  return rig.startWeb(Number(new URL(member.base).port))
}

/** isReady asks a web process whether it serves. */
export function isReady(base: string): Promise<boolean> {
  return request(`${base}/api/readyz`).then(
    async ({ statusCode, body }) => {
      await body.dump()
      return statusCode === 200
    },
    () => false,
  )
}
